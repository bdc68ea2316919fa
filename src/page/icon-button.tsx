// A button that is a picture, and says what it does to who can't see it or does not know it.

import type { Ref } from "preact";

/** Lines in a square of 24. */
const SHAPES = {
  pause: "M9 6v12M15 6v12",
  resume: "M8 5.5v13l10-6.500z",
  retry: "M19 12a7 7 0 1 1-2.300-5.200M19 4v4h-4",
  close: "M6.500 6.500l11 11m0-11l-11 11",
  before: "M14.500 5.500L8 12l6.500 6.500",
  after: "M9.500 5.500L16 12l-6.500 6.500",
} as const;

interface IconButtonProps {
  readonly shape: keyof typeof SHAPES;
  readonly label: string;
  /** A few words for who points at it. */
  readonly tip: string;
  readonly onPress: (button: HTMLButtonElement) => void;
  readonly isEnd?: boolean;
  readonly disabled?: boolean;
  readonly at?: Ref<HTMLButtonElement>;
}

export function IconButton({ shape, label, tip, onPress, isEnd, disabled, at }: IconButtonProps) {
  return (
    <button
      {...(at && { ref: at })}
      type="button"
      class="button icon-button"
      aria-label={label}
      title={tip}
      data-end={isEnd}
      disabled={disabled}
      onClick={({ currentTarget }) => onPress(currentTarget)}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <path d={SHAPES[shape]} />
      </svg>
    </button>
  );
}

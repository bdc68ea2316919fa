// What a screen reader is told: the last messages, each said once.

import { useCallback, useState } from "preact/hooks";

export interface Message {
  readonly id: number;
  readonly text: string;
}

/** Messages that the live region holds at once: as many as may come together. */
const MAX_MESSAGES = 5;

export function useMessages(): { messages: readonly Message[]; say: (text: string) => void } {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const say = useCallback(
    (text: string) =>
      setMessages((before) => [...before, { id: (before.at(-1)?.id ?? 0) + 1, text }].slice(-MAX_MESSAGES)),
    [],
  );
  return { messages, say };
}

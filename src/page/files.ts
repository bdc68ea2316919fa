// What comes from outside: dropped or pasted anywhere on the page. Files and folders are handed over; of a text or an
// address it is told that it was one.

import { useLayoutEffect, useState } from "preact/hooks";

/** Takes what was dropped or pasted, while the event lasts. */
export interface IncomingHandlers {
  readonly onFiles: (data: DataTransfer) => void;
  /** It was a text: no file that this page could upload. */
  readonly onText: () => void;
}

const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes("Files") === true;

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches("input, textarea");

/** Answers whether files hover over the page. */
export function useIncoming({ onFiles, onText }: IncomingHandlers): boolean {
  const [hovering, setHovering] = useState(false);
  // At once: what is dropped while the page has just been drawn would open in its place.
  useLayoutEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    const take = (data: DataTransfer | null): void => {
      if (data !== null && hasFiles(data)) onFiles(data);
      else if (data !== null && data.types.length > 0) onText();
    };
    addEventListener(
      "dragover",
      (event) => {
        if (isField(event.target) && !hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        // A text too, for else nothing would tell that it is none of ours.
        if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
        setHovering(hasFiles(event.dataTransfer));
      },
      { signal },
    );
    // Nothing is entered next: the pointer left the window.
    addEventListener("dragleave", (event) => event.relatedTarget === null && setHovering(false), { signal });
    addEventListener(
      "drop",
      (event) => {
        setHovering(false);
        if (isField(event.target) && !hasFiles(event.dataTransfer)) return;
        // A browser would open a dropped file or link in place of the page.
        event.preventDefault();
        take(event.dataTransfer);
      },
      { signal },
    );
    addEventListener(
      "paste",
      (event) => {
        // A text copied with its picture is meant as text there.
        if (!isField(event.target)) take(event.clipboardData);
      },
      { signal },
    );
    return () => listeners.abort();
  }, [onFiles, onText]);
  return hovering;
}

// Files that come from outside: dropped or pasted anywhere on the page. Folders and texts are left alone.

import { useEffect, useState } from "preact/hooks";

export interface Incoming {
  readonly files: readonly File[];
  /** Folders that were dropped too: a page can't take them for files. */
  readonly folders: number;
}

/** The files of a drop or a paste. */
export function filesOf(data: DataTransfer | null): Incoming {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === "file");
  const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry()?.isDirectory === true;
  const files = items.flatMap((item) => (isFolder(item) ? [] : (item.getAsFile() ?? [])));
  return { files, folders: items.filter(isFolder).length };
}

const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes("Files") === true;

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.matches("input, textarea");

/** Hands over what is dropped or pasted; answers whether files hover over the page. */
export function useIncoming(take: (incoming: Incoming) => void): boolean {
  const [hovering, setHovering] = useState(false);
  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    addEventListener(
      "dragover",
      (event) => {
        if (isField(event.target) && !hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        if (event.dataTransfer)
          event.dataTransfer.dropEffect = hasFiles(event.dataTransfer) ? "copy" : "none";
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
        // A browser would open a dropped file or link in place of the page.
        if (!isField(event.target) || hasFiles(event.dataTransfer)) event.preventDefault();
        take(filesOf(event.dataTransfer));
      },
      { signal },
    );
    addEventListener(
      "paste",
      (event) => {
        // A text copied with its picture is meant as text there.
        if (!isField(event.target)) take(filesOf(event.clipboardData));
      },
      { signal },
    );
    return () => listeners.abort();
  }, [take]);
  return hovering;
}

// Files that are held over an element, dropped on it or pasted into it.

import { type ClipboardEvent, type DragEvent, useState } from "react";
import type { FilesToAdd } from "../client/client.ts";

const hasFiles = ({ types }: DataTransfer): boolean => types.includes("Files");

/** Attributes of the element. Texts and addresses go where the page wants them. */
export function useDropping(take: (files: FilesToAdd) => Promise<void>, disabled = false) {
  const [isDragging, setDragging] = useState(false);
  const onDrag = (event: DragEvent): void => {
    if (!hasFiles(event.dataTransfer)) return;
    // Else the browser would open the file.
    event.preventDefault();
    event.dataTransfer.dropEffect = disabled ? "none" : "copy";
    setDragging(!disabled);
  };
  const onGiven = (event: DragEvent | ClipboardEvent, given: DataTransfer): void => {
    setDragging(false);
    if (!hasFiles(given)) return;
    event.preventDefault();
    if (!disabled) void take(given);
  };
  return {
    ...(isDragging && { "data-dragging": "" }),
    onDragEnter: onDrag,
    onDragOver: onDrag,
    onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
      // Not where it goes on to a child.
      if (!currentTarget.contains(relatedTarget as Node | null)) setDragging(false);
    },
    onDrop: (event: DragEvent) => onGiven(event, event.dataTransfer),
    onPaste: (event: ClipboardEvent) => onGiven(event, event.clipboardData),
  };
}

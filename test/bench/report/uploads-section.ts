// The uploads as a section: from the choice of files to their first bytes at Cloudinary. Pure.

import type { AllKept } from "../parts.ts";
import { of, ratioText, section } from "./cells.ts";
import { machineText } from "./machine-text.ts";
import { table } from "./markdown.ts";

export function uploadsSection({ latency, rows, machine }: NonNullable<AllKept["uploads"]>): string {
  const former = (files: number) => rows.find((row) => row.name === "before" && row.files === files)!;
  return section(
    "From choosing to the first byte at Cloudinary",
    machineText(machine),
    `A page of another origin in Chromium, three files at a time; a request to the signer or to Cloudinary takes ${latency} ms there and back, and the browser has asked neither before. *Before*, each file had a ticket of its own, asked for as JSON, so that a preflight came before it, and one before the form. *Now* one plain request brings the tickets of all files. Where the page watches the progress, the browser asks Cloudinary first, as before.`,
    table([
      ["", "ms to the first byte", "to before", "ms to that of the last file", "to before"],
      ...rows.map(({ title, files, first, last }) => [
        `${files} ${files === 1 ? "file" : "files"}: ${title}`,
        of(first),
        ratioText(first, former(files).first),
        of(last),
        ratioText(last, former(files).last),
      ]),
    ]),
  );
}

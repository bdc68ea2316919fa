// Files as people give them: chosen, dropped or pasted, in folders too.

import { nameOf } from "./declared-file.ts";

/** Files to add: of an input, of an array, or what was dropped or pasted. */
export type FilesToAdd = Iterable<Blob> | ArrayLike<Blob> | DataTransfer;

/** A file, and where it was found. */
export interface PickedFile {
  readonly file: Blob;
  readonly path: string;
  /** It, or a folder, is there and can't be read. */
  readonly isUnreadable?: true;
}

const WANTED = "add wants files: input.files, an array such as [file], or event.dataTransfer";

/** What operating systems put into folders, unseen. */
const LITTER = /\/(\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

/** The files, in order: at once where they are files, and once they are found where folders were dropped. */
export function pickFiles(given: FilesToAdd): readonly PickedFile[] | Promise<readonly PickedFile[]> {
  if (typeof given !== "object" || given === null || isFile(given)) throw new TypeError(WANTED);
  if (!("items" in given && "types" in given)) return Array.from(given, pick).filter(isWanted);
  // `getAsFileSystemHandle` is in no browser that lacks this. Entries are there for as long as the event lasts.
  const found = [...given.items].map((item): readonly PickedFile[] | FileSystemEntry => {
    if (item.kind !== "file") return [];
    const entry = item.webkitGetAsEntry?.();
    if (entry?.isDirectory) return entry;
    const file = item.getAsFile();
    return file === null ? [] : [pick(file)];
  });
  if (found.every((one) => Array.isArray(one))) return found.flat();
  return Promise.all(found.map((one) => ("isFile" in one ? filesIn(one) : one))).then((all) => all.flat());
}

const isWanted = ({ path }: PickedFile): boolean => !LITTER.test(path);

/** By its members, as `upload` does. */
const isFile = (given: object): boolean => "slice" in given && "size" in given;

function pick(file: Blob): PickedFile {
  if (typeof file !== "object" || file === null || !isFile(file)) throw new TypeError(WANTED);
  const { webkitRelativePath } = file as Partial<File>;
  return { file, path: webkitRelativePath || nameOf(file) || "blob" };
}

async function filesIn(entry: FileSystemEntry): Promise<readonly PickedFile[]> {
  const path = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      return [{ file, path }].filter(isWanted);
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const found: PickedFile[] = [];
    for (;;) {
      // A hundred at a time, and none at the end.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (some.length === 0) return found;
      for (const one of some) found.push(...(await filesIn(one)));
    }
  } catch {
    return [{ file: new File([], entry.name), path, isUnreadable: true }];
  }
}

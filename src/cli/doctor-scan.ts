// Secrets in files: the values that are at hand, in the forms in which they get there, and addresses that hold one.
// Bounded, a window at a time, so that a file of any size is read, and links are not followed.

import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes that are looked at together. */
const WINDOW = 1024 * 1024;
/** Bytes that are looked at twice, so that nothing is cut in two: longer than what is looked for. */
const OVERLAP = 4096;
/** Most files, and most bytes of them all. */
const MAX_FILES = 50_000;
const MAX_BYTES = 4 * 1024 ** 3;
/** Shorter values would be found everywhere by accident. */
const MIN_VALUE = 8;

/** As Cloudinary's keys and secrets are; examples have shorter ones, or are of the cloud `demo`, which is nobody's. */
const ADDRESS = /cloudinary:\/\/\d{10,20}:[\w-]{20,40}@(?!demo(?![\w-]))/;
/** What such an address begins with in base64, and the rest of it. */
const ENCODED_ADDRESS = /Y2xvdWRpbmFyeTovL[\w+/-]{40,200}/g;

/** A text that is looked for, and what it is. */
export type Needle = readonly [text: string, what: string];

const base64 = (text: string): string => Buffer.from(text).toString("base64").replace(/=+$/, "");

/** A text somewhere in base64, as in that of a whole address or file: it may begin at each of three bytes, and is cut to what depends on nothing beside it. */
const withinBase64 = (text: string): string[] =>
  ["", "x", "xx"].flatMap((before) => {
    const whole = Buffer.from(before + text);
    const [from, to] = [Math.ceil((before.length * 8) / 6), Math.floor((whole.length * 8) / 6)];
    return (["base64", "base64url"] as const).map((kind) => whole.toString(kind).slice(from, to));
  });

/** The forms of an account's secret, and of secrets by their names. */
export function needlesOf(
  account: { readonly apiKey: string; readonly secret: string } | undefined,
  named: ReadonlyMap<string, string>,
): Needle[] {
  const own: Needle[] =
    account === undefined
      ? []
      : [
          [account.secret, "the API secret"],
          [base64(`${account.apiKey}:${account.secret}`), "the API key and secret in base64"],
          ...withinBase64(account.secret).map((text): Needle => [text, "the API secret in base64"]),
        ];
  const others = [...named].map(([name, value]): Needle => [value, `the secret ${name}`]);
  return [...own, ...others].filter(([text]) => text.length >= MIN_VALUE && text.length < OVERLAP);
}

/** A secret in a file. */
export interface Leak {
  readonly path: string;
  readonly what: string;
}

export interface Scanned {
  readonly leaks: readonly Leak[];
  readonly files: number;
  /** Why not everything was read; empty where it was. */
  readonly unread: readonly string[];
}

/** What a text holds: the first of the needles, or an address. */
function heldIn(text: string, needles: readonly Needle[]): string | undefined {
  const needle = needles.find(([one]) => text.includes(one));
  if (needle !== undefined) return needle[1];
  if (ADDRESS.test(text)) return "a cloudinary:// address with its secret";
  const encoded = text.match(ENCODED_ADDRESS) ?? [];
  return encoded.some((one) => ADDRESS.test(Buffer.from(one, "base64").toString("latin1")))
    ? "a cloudinary:// address with its secret, in base64"
    : undefined;
}

async function lookInto(path: string, needles: readonly Needle[]): Promise<string | undefined> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(OVERLAP + WINDOW);
    for (let kept = 0; ; ) {
      const { bytesRead } = await file.read(buffer, kept, WINDOW);
      if (bytesRead === 0) return undefined;
      const end = kept + bytesRead;
      // A character for each byte: what is looked for is ASCII.
      const held = heldIn(buffer.toString("latin1", 0, end), needles);
      if (held !== undefined) return held;
      kept = Math.min(end, OVERLAP);
      buffer.copy(buffer, 0, end - kept, end);
    }
  } finally {
    await file.close();
  }
}

/** Looks into files, whose paths are told as they are given, below a folder. */
export async function scanFiles(
  folder: string,
  paths: Iterable<string> | AsyncIterable<string>,
  needles: readonly Needle[],
): Promise<Scanned> {
  const leaks: Leak[] = [];
  const unread: string[] = [];
  let [files, bytes] = [0, 0];
  for await (const path of paths) {
    try {
      const there = await lstat(join(folder, path));
      if (!there.isFile()) continue;
      files += 1;
      bytes += there.size;
      if (files > MAX_FILES || bytes > MAX_BYTES) {
        unread.push(`there are more than ${MAX_FILES} files, or 4 GB: name a smaller folder`);
        break;
      }
      const what = await lookInto(join(folder, path), needles);
      if (what !== undefined) leaks.push({ path, what });
    } catch (error) {
      // A file that git tracks may be gone from the disk.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT") unread.push(`${path} can't be read (${code})`);
    }
  }
  return { leaks, files, unread };
}

/** Every file below a folder, as a path from there; and `onUnread` is told of folders that can't be read. */
export async function* filesBelow(
  folder: string,
  onUnread: (why: string) => void,
  below = "",
): AsyncGenerator<string> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(
    ({ code }: NodeJS.ErrnoException) => {
      onUnread(`${join(folder, below)} can't be read (${code})`);
      return [];
    },
  );
  for (const entry of entries) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) yield* filesBelow(folder, onUnread, path);
    else if (entry.isFile()) yield path;
  }
}

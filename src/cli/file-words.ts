// The limits on what arrives, `file` of a profile, in words: what they are, who holds each, and where nobody does.

import { mostFiles } from "../policy/decide/judge-file.ts";
import type { Profile } from "../policy/profile.ts";
import { bytesText } from "../policy/values/bytes.ts";
import { isRandom, templateText } from "../policy/values/template.ts";

type Rows = [name: string, words: string][];

/** What may arrive, and what becomes of it. */
export function fileRows(profile: Profile): Rows {
  const { name, file, notify, set } = profile;
  if (file === undefined) return [];
  const { maxBytes, formats, quarantine } = file;
  const most = mostFiles(profile);
  const bound = set.get("allowed_formats")?.template;
  return [
    ["size", maxBytes === undefined ? "any" : `at most ${bytesText(maxBytes)} (${maxBytes} bytes)`],
    ["format", formats?.join(", ") ?? (bound === undefined ? "any" : templateText(bound))],
    ["at once", most === 1 ? "one file in one request" : `at most ${most} files in one request`],
    [
      "confirmed",
      `by POST /confirm/${name}, until 24 h after the ticket's life, for a receipt;\nwhat breaks a limit is deleted then`,
    ],
    ...(notify
      ? ([
          [
            "notified",
            "by Cloudinary, at the signer's own /notifications:\nwhat breaks a limit is deleted then, though nobody confirms it",
          ],
        ] as Rows)
      : []),
    [
      "published",
      quarantine
        ? "when it is confirmed, and not before:\nuntil then it is authenticated, and has signed addresses alone"
        : "when it is uploaded, before it is confirmed",
    ],
  ];
}

/** The limits in one line: `at most 1 MB, jpg or png; confirmed, then published`. */
export function fileText(profile: Profile): string | undefined {
  const { file, notify } = profile;
  if (file === undefined) return undefined;
  const { maxBytes, formats, quarantine } = file;
  const size = maxBytes === undefined ? "any size" : `at most ${bytesText(maxBytes)}`;
  const kinds = formats === undefined ? "any format" : formats.join(", ");
  return `files: ${size}, ${kinds}; confirmed by POST /confirm/${profile.name}${notify ? ", or judged when Cloudinary reports them" : ""}${quarantine ? ", and published then" : ""}`;
}

/** What holds a limit for a client that never confirms. */
const unconfirmed = (quarantine: boolean, notify: boolean): string =>
  [
    ...(notify ? ["the signer too, when it is notified by Cloudinary"] : []),
    ...(quarantine ? ["until then nothing is published"] : []),
    ...(notify || quarantine ? [] : ["nobody, where a client never confirms"]),
  ].join("; ");

/** Who holds each limit on the file. */
export function fileHolders({ set, file, notify, resourceType }: Profile): Rows {
  const isBound = set.has("allowed_formats");
  const byCloudinary = "Cloudinary, by the signed allowed_formats";
  if (file === undefined)
    return [
      ["the file's format", isBound ? byCloudinary : "nobody"],
      ["the file's size", "nobody but the account's own limits at Cloudinary"],
    ];
  const { maxBytes, formats, quarantine } = file;
  const bySigner = "the signer, when it is declared and when it is confirmed";
  return [
    [
      "the file's format",
      formats === undefined ? (isBound ? byCloudinary : "nobody") : `${bySigner}; ${byCloudinary}`,
    ],
    [
      "the file's size",
      maxBytes === undefined
        ? "nobody but the account's own limits at Cloudinary"
        : `${bySigner}; ${unconfirmed(quarantine, notify)}`,
    ],
    ...(resourceType === "auto"
      ? []
      : ([
          ["the resource type", `the signer, when it is confirmed; ${unconfirmed(quarantine, notify)}`],
        ] as Rows)),
    ["how many at once", "the signer, in each request; nobody counts the requests but the rate limits"],
  ];
}

/** What an owner should know of the limits of one profile. */
export function fileWarnings({ name, file, notify, set }: Profile): string[] {
  if (file === undefined || file.quarantine || notify) return [];
  const place = `profiles.${name}`;
  const publicId = set.get("public_id")?.template;
  const isFresh = publicId !== undefined && isRandom(publicId);
  const remedies = isFresh
    ? "notify: true or quarantine: true"
    : "notify: true, or set a public_id with {uuid} and quarantine: true";
  const isReplaced = set.get("overwrite")?.template.join("") !== "false";
  return [
    ...(file.maxBytes === undefined
      ? []
      : [
          `${place}.file: write ${remedies}, or accept that maxBytes holds for who confirms: who never does keeps what was uploaded, whatever its size`,
        ]),
    ...(isReplaced
      ? [
          `${place}.set.overwrite: write overwrite: false, ${remedies}: while a ticket lives, its holder can replace what was confirmed by a file that nobody judges`,
        ]
      : []),
  ];
}

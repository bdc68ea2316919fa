// Uploads that no stranger should have signed: they overwrite, publish, redirect or spend what is the account's.
// Smuggled values are among them: what is signed is read as something else than was checked.

import type { Attack } from "./attack.ts";
import { asAsked, asRequest } from "./proofs.ts";

type Row = Omit<Attack, "kind" | "timestamp" | "proof"> & Partial<Pick<Attack, "timestamp" | "proof">>;

/** Ten years, in seconds. */
const DECADE = 315_360_000;

const base64url = (text: string): string => Buffer.from(text).toString("base64url");

const ROWS: readonly Row[] = [
  {
    id: "other-users-name",
    title: "replace a file in another user's folder",
    ask: (victim) => ({ public_id: `users/${victim}/avatar` }),
  },
  {
    id: "other-users-folder",
    title: "put files into another user's folder",
    ask: (victim) => ({ folder: `users/${victim}` }),
  },
  {
    id: "asset-folder",
    title: "file an upload among another user's assets",
    ask: (victim) => ({ asset_folder: `users/${victim}`, public_id_prefix: `users/${victim}` }),
  },
  {
    id: "overwrite",
    title: "overwrite a file whose name is known",
    ask: (victim) => ({ public_id: `${victim}-logo`, overwrite: true }),
  },
  {
    id: "use-filename",
    title: "choose the name, and so what is overwritten, by the name of the file, which is not signed",
    ask: (victim) => ({ use_filename: true, unique_filename: false, folder: victim }),
  },
  {
    id: "eval",
    title: "run a script in the account that changes the upload's options",
    ask: (victim) => ({ eval: `upload_options["public_id"] = "${victim}"` }),
  },
  {
    id: "on-success",
    title: "run a script in the account after the upload",
    ask: (victim) => ({ on_success: `current_asset.update({tags: ["${victim}"]})` }),
  },
  {
    id: "notification-url",
    title: "have the account's notifications sent to a stranger",
    ask: (victim) => ({ notification_url: `https://${victim}.invalid/hook` }),
  },
  {
    id: "proxy",
    title: "have Cloudinary fetch through a stranger's proxy",
    ask: (victim) => ({ proxy: `http://${victim}.invalid:8080` }),
  },
  {
    id: "callback",
    title: "have the browser redirected to a stranger's page after the upload",
    ask: (victim) => ({ callback: `https://${victim}.invalid/done` }),
  },
  {
    id: "headers",
    title: "set HTTP headers of what is delivered",
    ask: (victim) => ({ headers: `Link: <https://${victim}.invalid>; rel=canonical` }),
  },
  {
    id: "type",
    title: "upload in public what should be private",
    ask: (victim) => ({ folder: victim, type: "upload" }),
  },
  {
    id: "access-mode",
    title: "lift the access mode of an upload",
    ask: (victim) => ({ access_mode: "public", folder: victim }),
  },
  {
    id: "access-control",
    title: "lift the access control of an upload",
    ask: (victim) => ({ access_control: '[{"access_type":"anonymous"}]', folder: victim }),
  },
  {
    id: "upload-preset",
    title: "upload under any preset of the account",
    ask: (victim) => ({ upload_preset: victim }),
  },
  {
    id: "delete-token",
    title: "get a token that deletes the upload without a signature",
    ask: (victim) => ({ folder: victim, return_delete_token: true }),
  },
  {
    id: "layer-authenticated",
    title: "read an authenticated image as a layer over their own",
    ask: (victim) => ({ transformation: `l_authenticated:${victim}` }),
  },
  {
    id: "layer-fetch",
    title: "have the account fetch an address of their choice as a layer",
    ask: (victim) => ({ eager: `l_fetch:${base64url(`https://${victim}.invalid/a.png`)}` }),
  },
  {
    id: "add-ons",
    title: "spend the account's paid add-ons",
    ask: (victim) => ({ auto_tagging: 0.6, categorization: "google_tagging", folder: victim }),
  },
  {
    id: "future",
    title: "use the signature for years, since its timestamp lies in the future",
    ask: (_, now) => ({ timestamp: now + DECADE }),
    timestamp: "own",
  },
  {
    id: "list",
    title: "have a list signed where one value belongs, which the checks may not look into",
    ask: (victim) => ({ public_id: [victim, `${victim}-2`] }),
    proof: asRequest((victim) => ({ public_id: `${victim},${victim}-2` })),
  },
  {
    id: "smuggled-parameter",
    title: "send a parameter that nobody checked, smuggled in a value (signature version 1, CVE-2025-12613)",
    ask: (victim) => ({ folder: `a&tags=${victim}` }),
    proof: asRequest((victim) => ({ folder: "a", tags: victim })),
  },
  {
    id: "smuggled-ampersand",
    title: "send a value with & that was checked as %26",
    ask: (victim) => ({ folder: `${victim}%26b` }),
    proof: asRequest((victim) => ({ folder: `${victim}&b` })),
  },
  {
    id: "inherited-names",
    title: "have parameters signed whose names every object inherits (constructor, toString)",
    ask: (victim) => ({ constructor: victim, toString: victim }),
  },
  {
    id: "proto",
    title: "have a parameter signed that is named __proto__",
    ask: (victim) => Object.fromEntries([["__proto__", victim]]),
  },
];

export const ABUSES: readonly Attack[] = ROWS.map((row) => ({
  timestamp: "any",
  proof: asAsked,
  ...row,
  kind: "abuse",
}));

// The names that a profile gives: public IDs, folders and tags, as pieces that can be compared with another's.

import type { AccessMethods, Profile } from "../profile.ts";
import type { Limits } from "../tables/limits.ts";
import { OTHERS_ASSETS, PRESET_DECIDES } from "../tables/methods.ts";
import type { NameSpace } from "../tables/parameters.ts";
import { foldKey } from "../values/pairs.ts";
import { claimsOf, type Template } from "../values/template.ts";
import { folderOfFiles, isNamedByFile } from "./file-name.ts";

/** A piece of a name: a text, or a place whose text depends on who asks or when. */
export type Piece =
  | string
  | { readonly kind: "random" | "date" | "anything" }
  | { readonly kind: "claim"; readonly claim: string; readonly hash: boolean; readonly end: string };

/** A name that callers by one access method can get. */
export interface Name {
  readonly profile: string;
  readonly at: string;
  /** What its text names. */
  readonly space: NameSpace;
  readonly method: string;
  readonly identity: string;
  readonly pieces: readonly Piece[];
  /** Who may get it, as a text. */
  readonly access: string;
  /** What picks its end, which no signature covers: the name of the file (R7), or a preset (R8). */
  readonly by?: "file" | "preset" | undefined;
  /** Whether it is a folder with the random name in it that an upload gets there, and so an asset's whole name. */
  readonly isInFolder: boolean;
}

function piecesOf(template: Template, method: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [i, part] of template.entries()) {
    const text = typeof part === "string" ? part : part.fill === "access" ? method : undefined;
    const last = pieces.at(-1);
    if (text !== undefined) {
      // Servers may fold the case and the forms of letters.
      if (typeof last === "string") pieces[pieces.length - 1] = last + foldKey(text);
      else pieces.push(foldKey(text));
    } else if (typeof part === "object" && part.fill === "claim") {
      const after = template[i + 1];
      pieces.push({
        kind: "claim",
        claim: part.claim,
        hash: part.hash,
        end: typeof after === "string" ? after[0]! : "",
      });
    } else if (typeof part === "object") pieces.push({ kind: part.fill === "uuid" ? "random" : "date" });
  }
  return pieces;
}

/** What a name is made of, for callers by any access method. */
type Row = readonly [
  at: string,
  space: NameSpace,
  template: Template,
  isPrefix?: boolean,
  isInFolder?: boolean,
];

/** Parameters that name no asset by themselves. Which of them counts depends on how the account is set up. */
const FOLDERS = ["folder", "asset_folder", "public_id_prefix"];

/** A folder is no asset: what is made in it is compared by its whole name. */
export const isFolder = ({ at, isInFolder }: Name): boolean =>
  !isInFolder && FOLDERS.some((name) => at.endsWith(`.${name}`));

/** Names that are listed. Beside a prefix with a claim it is the prefix that tells whose each is: the list does not. */
const listedIn = ({ enum: listed, prefix = [] }: Limits): ReadonlySet<string> | undefined =>
  claimsOf(prefix).length > 0 ? undefined : listed;

/** The names of assets in the folders of an upload, which are random: others beside a folder are refused. */
function namesInFolders({ set, accept }: Profile): Row[] {
  const name: Template = set.get("public_id")?.template ?? [{ fill: "uuid" }];
  return FOLDERS.flatMap((folder) => {
    const fixed = set.get(folder)?.template;
    const accepted = accept.get(folder)?.limits;
    const listed = [...((accepted && listedIn(accepted)) ?? [])].map((text) => [text]);
    const at = `${fixed === undefined ? "accept" : "set"}.${folder}`;
    const templates: readonly Template[] = fixed === undefined ? listed : [fixed];
    return templates.map((template): Row => [at, "path", [...template, "/", ...name], false, true]);
  });
}

/** Where a profile says that its public IDs are the names of the files, or what a preset makes of them. */
const BY: ReadonlyMap<string, Name["by"]> = new Map([
  ["set.use_filename", "file"],
  ["set.upload_preset", "preset"],
]);

/** Paths and tags are names; what `context` and `metadata` say of an asset chooses nothing. */
export function namesOf(profile: Profile, methods: AccessMethods): Name[] {
  // Its callers are the owner's own, and reach what others have on purpose.
  if (profile.optIns.includes(OTHERS_ASSETS)) return [];
  const templates: Row[] = [];
  for (const [name, { parameter, items }] of profile.set) {
    if (parameter.names === undefined) continue;
    for (const item of items)
      templates.push([`set.${name}`, parameter.names, item, parameter.kind.isPrefix === true]);
  }
  for (const [name, { parameter, limits }] of profile.accept) {
    const space = parameter.names;
    if (space === undefined) continue;
    const listed = listedIn(limits);
    if (listed === undefined) templates.push([`accept.${name}`, space, limits.prefix ?? [], true]);
    else for (const text of listed) templates.push([`accept.${name}`, space, [text]]);
  }
  if (isNamedByFile(profile.set))
    templates.push(["set.use_filename", "path", folderOfFiles(profile.set), true]);
  if (profile.optIns.includes(PRESET_DECIDES)) templates.push(["set.upload_preset", "path", [], true]);
  templates.push(...namesInFolders(profile));
  return profile.access.flatMap((method) =>
    templates.map(([at, space, template, isPrefix = false, isInFolder = false]) => ({
      profile: profile.name,
      at,
      space,
      method,
      identity: methods.get(method)?.identity ?? method,
      pieces: [...piecesOf(template, method), ...(isPrefix ? [{ kind: "anything" } as const] : [])],
      access: [...profile.access].sort().join(),
      by: BY.get(at),
      isInFolder,
    })),
  );
}

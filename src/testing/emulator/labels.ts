// The methods `tags`, `context` and `metadata`, which label many assets at once:
// https://cloudinary.com/documentation/image_upload_api_reference#tags, #context and #metadata. Each answers the public
// IDs of what it found; that those which are not there are passed over, even all of them, is assumed.

import { err, ok } from "../../result.ts";
import { type Answered, type ApiMethod, type Call, STORED_TYPES } from "./api-method.ts";
import type { StoredUpload } from "./asset.ts";
import { itemsOf, split } from "./form.ts";
import { contextOf, metadataOf } from "./pair-texts.ts";
import { REFUSALS } from "./refusals.ts";

type Tags = readonly string[];

/** What each command makes of an asset's tags. */
const TAG_COMMANDS: Readonly<Record<string, (before: Tags, tags: Tags) => Tags>> = {
  add: (before, tags) => [...new Set([...before, ...tags])],
  remove: without,
  replace: (_, tags) => tags,
  set_exclusive: (before, tags) => [...new Set([...before, ...tags])],
  remove_all: () => [],
};

export const tags: ApiMethod = {
  required: ["command", "public_ids"],
  resourceTypes: STORED_TYPES,
  run: (call) => {
    const { form, context } = call;
    const command = form.fields.get("command")!;
    if (!Object.hasOwn(TAG_COMMANDS, command)) return err(REFUSALS.badCommand(Object.keys(TAG_COMMANDS)));
    const sent = split(form.fields.get("tag"));
    if (sent.length === 0 && command !== "remove_all") return err(REFUSALS.missing("tag"));

    // It clears the tag "from all other resources", as the SDK says; that these are those of one type is assumed.
    if (command === "set_exclusive") {
      for (const asset of ofOneKind(call))
        context.store.change({ ...asset, tags: without(asset.tags, sent) });
    }
    return changed(call, (asset) => ({ ...asset, tags: TAG_COMMANDS[command]!(asset.tags, sent) }));
  },
};

const CONTEXT_COMMANDS = ["add", "remove_all"];

export const context: ApiMethod = {
  required: ["command", "public_ids"],
  resourceTypes: STORED_TYPES,
  run: (call) => {
    const { fields } = call.form;
    const command = fields.get("command")!;
    if (!CONTEXT_COMMANDS.includes(command)) return err(REFUSALS.badCommand(CONTEXT_COMMANDS));
    if (command === "remove_all") return changed(call, ({ context: _, ...asset }) => asset);
    const text = fields.get("context");
    if (!text) return err(REFUSALS.missing("context"));
    const sent = contextOf(text);
    return changed(call, (asset) => ({
      ...asset,
      context: { custom: { ...asset.context?.custom, ...sent } },
    }));
  },
};

export const metadata: ApiMethod = {
  required: ["metadata", "public_ids"],
  resourceTypes: STORED_TYPES,
  run: (call) => {
    const sent = metadataOf(call.form.fields.get("metadata")!);
    return changed(call, (asset) => ({ ...asset, metadata: { ...asset.metadata, ...sent } }));
  },
};

function without(before: Tags, tags: Tags): Tags {
  return before.filter((tag) => !tags.includes(tag));
}

function ofOneKind({ resourceType, type, context }: Call): StoredUpload[] {
  return context.store
    .uploads()
    .filter((asset) => asset.resource_type === resourceType && asset.type === type);
}

/** Changes what `public_ids` names. */
function changed(call: Call, change: (asset: StoredUpload) => StoredUpload): Answered {
  const named = new Set(itemsOf(call.form, "public_ids"));
  const found = ofOneKind(call).filter(({ public_id }) => named.has(public_id));
  for (const asset of found) call.context.store.change(change(asset));
  return ok({ public_ids: found.map(({ public_id }) => public_id) });
}

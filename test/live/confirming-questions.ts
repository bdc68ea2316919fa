// What confirming and quarantine rest on: what `explicit`, `rename` and `destroy` do and answer.

import { createHash } from "node:crypto";
import { JPEG, PNG, succeeded } from "./cloud.ts";
import { type Question, refusal } from "./question.ts";

/** What is judged and proved of an asset. */
const FACTS = [
  ...["bytes", "format", "width", "height", "resource_type", "type", "version", "etag", "secure_url"],
];
/** What an asset may not lose when it is published. */
const IDENTITY = ["public_id", "version", "etag"] as const;

type Body = Readonly<Record<string, unknown>>;

/** Those of the names whose values two answers share. */
const shared = (names: readonly string[], one: Body, other: Body): string[] =>
  names.filter((name) => one[name] !== undefined && one[name] === other[name]);

const listed = (names: readonly string[]): string => names.join(", ") || "nothing";

export const CONFIRMING: readonly Question[] = [
  {
    id: "version-clock",
    question: "Is a new asset's `version` the Unix time of its upload?",
    relied:
      "Confirming takes a version that is over 60 seconds older than the ticket for an asset that was there before, and leaves it alone.",
    async ask(cloud) {
      const before = cloud.now();
      const { version } = succeeded(await cloud.explicit(await cloud.stored()));
      return { answer: Math.abs(Number(version) - before) <= 60 ? "yes, within 60 s" : "no" };
    },
  },
  {
    id: "replaced-version",
    question: "Does a file that replaces another have a new `version`?",
    relied: "Confirming takes another version for another file: what was replaced meanwhile is `not_stored`.",
    async ask(cloud) {
      const first = await cloud.stored();
      const { version } = succeeded(await cloud.explicit(first));
      await cloud.pause();
      const second = succeeded(await cloud.upload(first, { bytes: PNG, name: "b.png" }));
      return { answer: second.version === version ? "no" : "yes" };
    },
  },
  {
    id: "response-signature",
    question: "What does the `signature` in the answer to an upload sign?",
    relied:
      "Confirming believes an answer by it, in either hash; then it asks Cloudinary all the same, and believes nothing else of it.",
    async ask(cloud) {
      const { public_id, version, signature } = await cloud.stored();
      const text = `public_id=${public_id}&version=${version}${cloud.account.apiSecret}`;
      const hash = ["sha1", "sha256"].find(
        (name) => createHash(name).update(text).digest("hex") === signature,
      );
      if (hash === undefined) return { answer: "something else" };
      const detail = hash === "sha1" ? "by SHA-1" : "by SHA-256, as the request was";
      return { answer: "public_id and version", detail };
    },
  },
  {
    id: "explicit-version",
    question: "Does `explicit` keep the `version`?",
    relied:
      "Each confirmation asks by it: a changed version would make a second confirmation of the same upload `not_stored`, and its receipts have another `jti`.",
    async ask(cloud) {
      const name = await cloud.stored();
      await cloud.pause();
      const { version } = succeeded(await cloud.explicit(name));
      return { answer: version === name.version ? "yes" : "no" };
    },
  },
  {
    id: "explicit-facts",
    question: "Which facts of an asset does `explicit` answer, as they were at the upload?",
    relied:
      "The limits are judged by `bytes`, `format` and `resource_type` of it alone, and a receipt tells them; without `etag` nothing in quarantine is published.",
    async ask(cloud) {
      const name = await cloud.stored();
      const body = succeeded(await cloud.explicit(name));
      return { answer: listed(shared(FACTS, name, body)) };
    },
  },
  {
    id: "explicit-labels",
    question: "Does `explicit` without parameters leave tags and context alone?",
    relied: "Confirming must change nothing of what was uploaded.",
    async ask(cloud) {
      const name = await cloud.stored("upload", { tags: "one,two", context: "alt=A cat" });
      succeeded(await cloud.explicit(name));
      const { tags, context } = succeeded(await cloud.explicit(name));
      const kept = JSON.stringify([tags, context]) === JSON.stringify([name.tags, name.context]);
      return { answer: kept && name.tags !== undefined ? "yes" : "no" };
    },
  },
  {
    id: "explicit-raw",
    question: "What does `explicit` answer as the `format` of a raw file?",
    relied: "A profile with `formats` and resource type `auto` refuses raw files when they are confirmed.",
    async ask(cloud) {
      const name = { resource_type: "raw", type: "upload", public_id: `${cloud.newId()}.txt` } as const;
      succeeded(await cloud.upload(name, { bytes: PNG, name: "a.txt" }));
      const { format } = succeeded(await cloud.explicit(name));
      return { answer: format === undefined || format === null ? "none" : String(format) };
    },
  },
  {
    id: "explicit-missing",
    question: "What does `explicit` answer where there is no such asset?",
    relied:
      "404 is `not_stored`; any other status but 200 would be `cloudinary_unavailable`, and clients would ask again in vain.",
    ask: async (cloud) =>
      refusal(await cloud.explicit({ resource_type: "image", type: "upload", public_id: cloud.newId() })),
  },
  {
    id: "explicit-notifies",
    question: "Does `explicit` send notifications, or apply a default preset?",
    relied:
      "That it sends none of type `upload` to the address of the upload: each would be judged by another `explicit`. One of another type, or elsewhere, would be one more for each judgement. A script without an address of its own can't see it.",
    ask: async () => undefined,
  },
  {
    id: "destroy-missing",
    question: "What does `destroy` answer where there is no such asset?",
    relied: "What is refused and gone already counts as deleted.",
    async ask(cloud) {
      const name = { resource_type: "image", type: "upload", public_id: cloud.newId() } as const;
      const { status, body } = await cloud.destroy(name);
      return { answer: `${status} ${body.result}` };
    },
  },
  {
    id: "authenticated-addresses",
    question: "Who can fetch an asset of type `authenticated`?",
    relied: "Quarantine: what was not confirmed is not to be had at an unsigned address.",
    async ask(cloud) {
      const { secure_url } = await cloud.stored("authenticated");
      const signed = await cloud.fetch(String(secure_url));
      const unsigned = await cloud.fetch(String(secure_url).replace(/\/s--[\w-]+--/, ""));
      const isFine = signed.ok && !unsigned.ok && signed.url !== unsigned.url;
      return {
        answer: isFine ? "who has the signed `secure_url` of the answer" : "others too, or nobody",
        detail: `signed ${signed.status}, unsigned ${unsigned.status}`,
      };
    },
  },
  {
    id: "rename-keeps",
    question: "What does a `rename` from `authenticated` to `upload` under the same name keep?",
    relied:
      "A published asset is looked for under its name, and deleted where its version or `etag` is not the judged one.",
    async ask(cloud) {
      const name = await cloud.stored("authenticated");
      await cloud.pause();
      succeeded(await cloud.publish(name));
      const after = succeeded(await cloud.explicit({ ...name, type: "upload" }));
      return { answer: listed(shared(IDENTITY, name, after)) };
    },
  },
  {
    id: "rename-answers",
    question: "And what of that does it answer?",
    relied: "Nothing has to be: without `etag`, Cloudinary is asked once more.",
    async ask(cloud) {
      const name = await cloud.stored("authenticated");
      const { type, ...body } = succeeded(await cloud.publish(name));
      return { answer: listed([...shared(IDENTITY, name, body), ...(type === "upload" ? ["type"] : [])]) };
    },
  },
  {
    id: "rename-moves",
    question: "Is the authenticated asset gone then?",
    relied: "A repeated confirmation finds nothing there, and goes on with what is published.",
    async ask(cloud) {
      const name = await cloud.stored("authenticated");
      succeeded(await cloud.publish(name));
      const { status } = await cloud.explicit(name);
      return { answer: status === 404 ? "yes" : "no" };
    },
  },
  {
    id: "rename-taken",
    question: "What does `rename` answer where the name is taken, without `overwrite`?",
    relied: "400 sends the confirmation to look at what has the name; nothing of it is replaced or deleted.",
    async ask(cloud) {
      const name = await cloud.stored("authenticated");
      const there = { ...name, type: "upload" };
      succeeded(await cloud.upload(there, { bytes: PNG, name: "b.png" }));
      const { etag } = succeeded(await cloud.explicit(there));
      const { answer, detail } = refusal(await cloud.publish(name));
      const after = succeeded(await cloud.explicit(there));
      const kept = after.etag === etag ? "what was there stays" : "what was there is replaced";
      return { answer: `${answer}, ${kept}`, ...(detail !== undefined && { detail }) };
    },
  },
  {
    id: "rename-missing",
    question: "What does `rename` answer where there is no such asset?",
    relied: "404 sends the confirmation to look whether another one published it.",
    ask: async (cloud) =>
      refusal(
        await cloud.publish({ resource_type: "image", type: "authenticated", public_id: cloud.newId() }),
      ),
  },
  {
    id: "published-address",
    question: "Is a published asset served at its unsigned address at once?",
    relied: "The receipt's `secure_url` after quarantine.",
    async ask(cloud) {
      const name = await cloud.stored("authenticated");
      const { secure_url } = succeeded(await cloud.publish(name));
      const response = await cloud.fetch(String(secure_url));
      const bytes = new Uint8Array(await response.arrayBuffer());
      const isWhole = response.ok && Buffer.compare(bytes, JPEG) === 0;
      return { answer: isWhole ? "yes" : "no", detail: String(response.status) };
    },
  },
];

// What notifications rest on. A script without an address of its own hears of none, so these are asked by hand: by a signer
// that is deployed, an account with add-ons, and the signer's log.

import type { Question } from "./question.ts";

/** Nothing that a script could ask. */
const ask = async (): Promise<undefined> => undefined;

export const NOTIFYING: readonly Question[] = [
  {
    id: "notified-request-id",
    question: "Do two add-ons that look at one upload report under its `request_id`, the same for both?",
    relied:
      "The `id` under which your application takes a notification once: of `request_id` and of what tells which event it is (`notification_type`, what ends in `_id`, `_kind`, `_path` or `_status`). With a `request_id` of each one's own the IDs differ too; two that differed in nothing of it would have one ID, and the second be taken for a double.",
    ask,
  },
  {
    id: "notified-moderation",
    question: "Is what becomes of a moderation reported to the `notification_url` of the upload?",
    relied:
      "That your application hears of it with profile and subject; nothing is enforced by it. If it goes to the console's address alone, it comes with `profile: null`, and only where that address is the signer's.",
    ask,
  },
];

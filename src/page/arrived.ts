// What arrived, and what became of it: it stays in the gallery when its row in the list is removed. Pure.

import type { UploadResponse } from "../client/client.ts";
import { type Arrived, ownName, type Upload } from "./uploads.ts";

export type Change =
  | { readonly type: "arrived"; readonly upload: Upload }
  | { readonly type: "renamed"; readonly id: string; readonly asset: UploadResponse }
  | { readonly type: "deleted"; readonly id: string };

/** The newest first. */
export function changeArrived(all: readonly Arrived[], change: Change): readonly Arrived[] {
  switch (change.type) {
    case "arrived": {
      const { upload } = change;
      const { result, name } = upload.item;
      return result === undefined ? all : [{ upload, asset: result.asset, name }, ...all];
    }
    case "renamed": {
      const { id, asset } = change;
      const name = ownName(asset.public_id);
      return all.map((one) => (one.upload.item.id === id ? { ...one, asset, name } : one));
    }
    case "deleted":
      return all.filter(({ upload }) => upload.item.id !== change.id);
  }
}

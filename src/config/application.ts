// The application that the signer works for, as far as it is told of uploads: a function of one's own app, or a Worker
// that is bound.

import type { Fault } from "../fault.ts";
import { err, ok, type Result } from "../result.ts";

/** What arrived, all of it as Cloudinary itself answers it. */
export interface UploadedAsset {
  readonly public_id: string;
  readonly version: number;
  readonly resource_type: "image" | "video" | "raw";
  readonly bytes: number;
  /** Absent for raw files. */
  readonly format?: string;
  /** Pixels. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
  readonly secure_url: string;
}

/** A confirmed upload, as the application hears of it: once at least, and again where it was confirmed again. */
export interface ConfirmedUpload {
  /** The same whenever it is told, and the `jti` of its receipts: what to store it by, once. */
  readonly jti: string;
  readonly profile: string;
  /** Who uploaded it; `null` for callers who are no one in particular. */
  readonly subject: string | null;
  /** Under quarantine it is not published yet, and `secure_url` is a signed address. */
  readonly asset: UploadedAsset;
}

/** Takes a confirmed upload. What it returns is `data` in the answer; throwing `RejectUpload` deletes the asset. */
export type OnUploaded = (upload: ConfirmedUpload) => unknown;

/** A Worker of the application's own, bound as `APP`: its class extends `WorkerEntrypoint`. */
export interface Application {
  onUploaded?(upload: ConfirmedUpload): unknown;
}

/** Who hears of uploads; absent, nobody. */
export interface Hooks {
  readonly onUploaded?: OnUploaded;
}

/** Reads the binding `APP`. Which methods it has is not known before one is called. */
export function readApplication(binding: unknown): Result<Hooks, Fault[]> {
  if (binding === undefined) return ok({});
  if (typeof (binding as { fetch?: unknown } | null)?.fetch === "function") {
    const app = binding as Required<Application>;
    return ok({ onUploaded: (upload) => app.onUploaded(upload) });
  }
  const problem =
    'bind your Worker under [[services]] in wrangler.toml, with binding = "APP": it is something else';
  return err([{ binding: "APP", problem }]);
}

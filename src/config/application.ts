// The application that the signer works for, as far as it is told of uploads and notifications: functions of one's own
// app, or a Worker that is bound.

import type { Fault } from "../fault.ts";
import type { FileRefusalCode } from "../policy/decide/judge-file.ts";
import { err, ok, type Result } from "../result.ts";

/** What arrived, all of it as Cloudinary itself answers it. */
export interface UploadedAsset {
  /** Cloudinary's name of it. */
  readonly public_id: string;
  /** Unix seconds; a file that replaces this one has another. */
  readonly version: number;
  /** Whatever was asked for, what Cloudinary took it for. */
  readonly resource_type: "image" | "video" | "raw";
  /** Size of the file, in bytes. */
  readonly bytes: number;
  /** By Cloudinary's name, such as `jpg`; absent for raw files. */
  readonly format?: string;
  /** Pixels; absent for raw files. */
  readonly width?: number;
  /** Pixels; absent for raw files. */
  readonly height?: number;
  /** Where it is delivered; signed, while it waits in quarantine. */
  readonly secure_url: string;
}

/** A confirmed upload, as the application hears of it: once at least, and again where it was confirmed again. */
export interface ConfirmedUpload {
  /** The same whenever it is told, and the `jti` of its receipts: what to store it by, once. */
  readonly jti: string;
  /** By which it was uploaded. */
  readonly profile: string;
  /** Who uploaded it; `null` for callers who are no one in particular. */
  readonly subject: string | null;
  /** Under quarantine it is not published yet, and `secure_url` is a signed address. */
  readonly asset: UploadedAsset;
}

/** Takes a confirmed upload. What it returns is `data` in the answer; throwing `RejectUpload` deletes the asset. */
export type OnUploaded = (upload: ConfirmedUpload) => unknown;

/** A notification of Cloudinary's that was verified, as the application hears of it: once at least, and in no order. */
export interface CloudinaryNotification {
  /** The same whenever the same event is told: what to tell doubles by. */
  readonly id: string;
  /** Cloudinary's `notification_type`: `upload`, `delete`, `moderation`, or any other; `null` where a template wrote none. */
  readonly type: string | null;
  /** The profile of the ticket that it is about; `null` where no sealed upload ID says so. */
  readonly profile: string | null;
  /** Who asked for that ticket; `null` for callers who are no one in particular, and where there is no `profile`. */
  readonly subject: string | null;
  /**
   * What became of an upload that was judged by its profile's `file`; `not_stored`: Cloudinary holds it no more, or
   * another version of it. Absent, nothing was judged.
   */
  readonly enforced?: "kept" | "destroyed" | "not_stored";
  /** Of a destroyed one: the limit that it broke. */
  readonly broke?: FileRefusalCode;
  /** What was judged, as Cloudinary itself answered it; of `not_stored` there is nothing. */
  readonly asset?: UploadedAsset;
  /** Of that asset: the `jti` of its confirmation and of its receipts. */
  readonly jti?: string;
  /** The notification as Cloudinary wrote it. Of an upload by an unsigned preset, strangers chose much of it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Takes a notification. Throwing, or more than 15 seconds, asks Cloudinary to send it again. */
export type OnNotification = (notification: CloudinaryNotification) => unknown;

/** A Worker of the application's own, bound as `APP`: its class extends `WorkerEntrypoint`. */
export interface Application {
  /** Takes a confirmed upload. What it returns is `data` in the answer; throwing `RejectUpload` deletes the asset. */
  onUploaded?(upload: ConfirmedUpload): unknown;
  /** Takes a notification. Throwing, or more than 15 seconds, asks Cloudinary to send it again. */
  onNotification?(notification: CloudinaryNotification): unknown;
}

/** The queue `NOTIFICATIONS`, as far as it is used. */
export interface NotificationQueue {
  send(message: CloudinaryNotification, options: { contentType: "json" }): Promise<unknown>;
}

/** Who hears of uploads and of notifications; absent, nobody. */
export interface Hooks {
  readonly onUploaded?: OnUploaded;
  readonly onNotification?: OnNotification;
  /** Where notifications wait for `onNotification`, here or in the Worker that consumes it. */
  readonly notifications?: NotificationQueue;
}

/** Reads the binding `APP`. Which methods it has is not known before one is called. */
function readApplication(binding: unknown): Result<Hooks, Fault[]> {
  if (binding === undefined) return ok({});
  if (typeof (binding as { fetch?: unknown } | null)?.fetch === "function") {
    const app = binding as Required<Application>;
    return ok({
      onUploaded: (upload) => app.onUploaded(upload),
      onNotification: (notification) => app.onNotification(notification),
    });
  }
  const problem =
    'bind your Worker under [[services]] in wrangler.toml, with binding = "APP": it is something else';
  return err([{ binding: "APP", problem }]);
}

function readQueue(binding: unknown): Result<Hooks, Fault[]> {
  if (binding === undefined) return ok({});
  if (typeof (binding as Partial<NotificationQueue> | null)?.send === "function")
    return ok({ notifications: binding as NotificationQueue });
  const problem =
    'write it under [[queues.producers]] in wrangler.toml, with binding = "NOTIFICATIONS": it is something else';
  return err([{ binding: "NOTIFICATIONS", problem }]);
}

/** Reads the bindings `APP` and `NOTIFICATIONS`. */
export function readHooks(app: unknown, queue: unknown): Result<Hooks, Fault[]> {
  const parts = [readApplication(app), readQueue(queue)];
  const faults = parts.flatMap((part) => (part.ok ? [] : part.error));
  return faults.length > 0
    ? err(faults)
    : ok(Object.assign({}, ...parts.map((part) => part.ok && part.value)));
}

// The browser client, `cloudinary-edge-signer/client`.

export type { ProfileDescription } from "../policy/decide/describe.ts";
export type { RefusedFile } from "../policy/decide/judge-file.ts";
export type { RefusedParam } from "../policy/decide/refusal.ts";
export type { Problem, ProblemCode } from "../problem.ts";
export type { Ticket } from "../tickets/ticket.ts";
export { act } from "./act.ts";
export type { ActResponse, CloudinaryAnswer, Uploaded, UploadResponse } from "./cloudinary.ts";
export { type AddOptions, createUploads, type Uploads, type UploadsOptions } from "./create-uploads.ts";
export { type DescribeOptions, describeProfile } from "./describe-profile.ts";
export { UploadError, type UploadErrorCode } from "./errors.ts";
export type { FilesToAdd } from "./picked-files.ts";
export type { AnyConfig, Confirmed, UnknownConfig } from "./profile-types.ts";
export { uploadQueue } from "./queue.ts";
export { upload } from "./upload.ts";
export type { UploadItem, UploadStatus, UploadsSnapshot, UploadsTotal } from "./upload-item.ts";
export type { ActOptions, UploadOptions, UploadProgress } from "./upload-options.ts";
export { createUploader, type FileOptions, type Uploader, type UploaderOptions } from "./uploader.ts";

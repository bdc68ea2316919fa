// The browser client, `cloudinary-edge-signer/client`.

export type { Problem, ProblemCode } from "../problem.ts";
export type { Ticket } from "../tickets/ticket.ts";
export { act } from "./act.ts";
export type { ActResponse, CloudinaryAnswer, UploadResponse } from "./cloudinary.ts";
export { UploadError, type UploadErrorCode } from "./errors.ts";
export { uploadQueue } from "./queue.ts";
export { upload } from "./upload.ts";
export type { ActOptions, UploadOptions, UploadProgress } from "./upload-options.ts";

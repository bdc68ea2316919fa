// React over the store of uploads, `cloudinary-edge-signer/react`: a hook and two components, for React 18 and newer.

export { Dropzone, type DropzoneProps } from "./dropzone.ts";
export type { PickingState, UploadsStatus } from "./picking.ts";
export type { TypedUploads, TypedUploadsOptions } from "./typed-uploads.ts";
export { UploadButton, type UploadButtonProps } from "./upload-button.ts";
export { useUploads } from "./uploads-hook.ts";

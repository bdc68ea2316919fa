// The library, `cloudinary-edge-signer`: Cloudinary's signatures with Web Crypto alone, and no dependency.

export type { Result } from "../result.ts";
export type { SignatureAlgorithm } from "../signature/digest.ts";
export {
  type Scalar,
  type SignableParams,
  type SignableValue,
  stringToSign,
} from "../signature/string-to-sign.ts";
export type { Ticket } from "../tickets/ticket.ts";
export { type RequestMethod, type RequestParams, type SignedRequest, signRequest } from "./sign-request.ts";
export { signUpload } from "./sign-upload.ts";
export type { SigningAccount } from "./signing-account.ts";
export {
  type NotificationFailure,
  type NotificationRequest,
  type VerifyNotificationOptions,
  verifyNotification,
} from "./verify-notification.ts";
export { type SignedResponse, verifyUploadResponse } from "./verify-upload-response.ts";

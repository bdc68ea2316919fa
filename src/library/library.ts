// The library, `cloudinary-edge-signer`: Cloudinary's signatures with Web Crypto alone, and what an application needs
// after an upload. Only receipts have a dependency, jose, which is in no bundle that does not verify them.

export type {
  Application,
  CloudinaryNotification,
  ConfirmedUpload,
  UploadedAsset,
} from "../config/application.ts";
export { RejectUpload } from "../reject-upload.ts";
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
export {
  type Receipt,
  type ReceiptFailure,
  type VerifyReceiptOptions,
  verifyReceipt,
} from "./verify-receipt.ts";
export { type SignedResponse, verifyUploadResponse } from "./verify-upload-response.ts";

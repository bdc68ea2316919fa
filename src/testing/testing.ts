// For people's own tests, `cloudinary-edge-signer/testing`, in Node: a local Cloudinary, and the audit of a signing
// endpoint. Both judge by the official SDK, the package `cloudinary`, which is to be installed beside this one.

export { ATTACKS, type Attack } from "./audit/attacks.ts";
export {
  type AuditFindings,
  type AuditOptions,
  type AuditReport,
  audit,
  type Finding,
} from "./audit/audit.ts";
export type { Verdict } from "./audit/judge.ts";
export { assertNoForgeries, reportText } from "./audit/report.ts";
export { WEBHOOK_ATTACKS, type WebhookAttack } from "./audit/webhook-attacks.ts";
export {
  auditWebhook,
  type WebhookAuditOptions,
  type WebhookFinding,
  type WebhookFindings,
  type WebhookReport,
  type WebhookVerdict,
} from "./audit/webhook-audit.ts";
export {
  type Act,
  type Attempt,
  type Clock,
  type Emulator,
  type EmulatorOptions,
  type Happening,
  type MethodName,
  type Notified,
  type OngoingOutage,
  type Outage,
  type StoredUpload,
  startEmulator,
  type WebhookSettings,
} from "./emulator/emulator.ts";

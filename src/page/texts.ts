// Everything that the page says. Another language is this file and index.html: its `lang` and its own words.
// What is written between backticks is shown as code. What the signer or Cloudinary says is shown as it came, and causes
// of a refusal as src/explain/causes.ts says them to everybody.

import type { ProfileDescription } from "../client/client.ts";
import type { ComparedField } from "../explain/explanation.ts";
import { clockText, limitText, listText, numberText, percentText, plural } from "./format.ts";

/** What is said of a block of code: what it is, and the name of the button that copies it. */
export interface CodeTexts {
  readonly name: string;
  readonly copy: string;
}

/** A step of what an upload does. */
interface StepTexts {
  readonly title: string;
  readonly text: string;
}

/** A text, or the sentence that values make. */
type Text = string | CodeTexts | readonly StepTexts[] | ((...values: never[]) => string);

/** What is said of a field that was signed, sent, or both. */
const VERDICTS: Readonly<Record<ComparedField["verdict"], string>> = {
  same: "the same",
  different: "different",
  "only signed": "not sent",
  "only sent": "not signed",
  "never signed": "never signed",
};

/** What a profile takes, by Cloudinary's resource type. */
const TAKEN: Readonly<Record<ProfileDescription["resourceType"], string>> = {
  image: "Pictures",
  video: "Videos",
  raw: "Files other than pictures and videos",
  auto: "Files of every kind",
};

const PARAMETERS_EXAMPLE = '{"context": {"alt": "A cat"}}';

export const TEXTS = {
  // Where files come in.
  uploadFiles: "Upload files",
  letGo: "Let go to upload",
  dropHint: "Drop files or folders anywhere on this page, or paste a picture.",
  chooseFiles: "Choose files",
  chooseFolder: "Choose a folder",
  textIgnored: "Drop or paste the file itself: a text or an address is not uploaded.",
  nothingUploaded: "Fix the parameters in Settings: they are not a JSON object. Nothing was uploaded.",

  // The profile.
  profile: "Profile",
  otherProfile: "Another profile…",
  profileName: "Name of the profile",
  profileMissing: (name: string) => `This signer has no profile ${name}.`,
  takes: (type: ProfileDescription["resourceType"], formats: readonly string[]) =>
    formats.length === 0 ? TAKEN[type] : `${TAKEN[type]} (${formats.join(", ")})`,
  upTo: (bytes: number) => `up to ${limitText(bytes)} each`,
  atOnce: (count: number) => `at most ${numberText(count)} at once`,
  noLimits: ", with no limit of its own on their size",
  mayAdd: (params: readonly string[]) => `Settings may add ${listText(params.map((name) => `\`${name}\``))}.`,
  notForUploads: (method: string) => `This profile is for ${method}, not for uploads.`,
  wantsToken: "It asks who you are:",
  enterToken: "enter a token",

  // The settings.
  settings: "Settings",
  settingsHint: "For the uploads that you start from now on.",
  token: "Token",
  tokenHint:
    "Only for profiles that ask who you are: the text after “Bearer”. It is kept in memory until this page closes.",
  parameters: "Parameters",
  parametersExample: PARAMETERS_EXAMPLE,
  parametersHint: "JSON, with Cloudinary's parameter names. The profile decides which it accepts.",
  parametersNotObject: `Write a JSON object, such as \`${PARAMETERS_EXAMPLE}\`.`,
  parametersNotJson: (reason: string) => `This is not valid JSON: ${reason}`,

  // The list of uploads.
  uploads: "Uploads",
  doneOf: (done: number, all: number) => `${numberText(done)} of ${numberText(all)} done`,
  clearFinished: "Clear finished",
  retryAll: (count: number) => `Retry ${numberText(count)}`,
  showAll: (count: number) => `Show all ${numberText(count)}`,
  showFewer: "Show fewer",

  // All of them at once.
  progressOfAll: "All uploads",
  sentOf: (sent: string, size: string) => `${sent} of ${size}`,
  speed: (size: string) => `${size}/s`,
  timeLeft: (time: string) => `about ${time} left`,
  allPaused: (sent: string) => `Paused at ${sent}`,
  offline: "Waiting for the connection… It goes on by itself.",
  pauseAll: "Pause all",
  resumeAll: "Resume all",
  cancelAll: "Cancel all",

  // One upload, and how far it is.
  details: "Details",
  detailsOf: (name: string) => `Details of ${name}`,
  retry: "Retry",
  retryUpload: (name: string) => `Retry ${name}`,
  pause: "Pause",
  pauseUpload: (name: string) => `Pause ${name}`,
  resume: "Resume",
  resumeUpload: (name: string) => `Resume ${name}`,
  cancel: "Cancel",
  cancelUpload: (name: string) => `Cancel ${name}`,
  remove: "Remove",
  removeUpload: (name: string) => `Remove ${name}`,
  progressOf: (name: string) => `Upload of ${name}`,
  percent: (percent: number) => percentText(percent),
  waiting: "waiting",
  waitingOffline: "waiting for the connection",
  paused: "paused",
  uploading: (percent: number) => `uploading ${percentText(percent)}`,
  signing: "asking for a ticket",
  confirming: "being confirmed",
  done: "done",
  doneWithReceipt: "confirmed",
  refused: "refused",
  failed: "failed",
  cancelled: "cancelled",
  /** On the icon of a file whose name has no extension. */
  noExtension: "FILE",

  // What a screen reader says when an upload ends.
  saidUploaded: (name: string) => `${name} uploaded`,
  saidAllUploaded: (count: number) =>
    plural(count, { one: "1 file uploaded", other: `${numberText(count)} files uploaded` }),
  saidFailed: (name: string, reason: string) => `${name} was not uploaded: ${reason}`,
  saidRenamed: (name: string) => `renamed to ${name}`,
  saidDeleted: (name: string) => `${name} deleted`,
  saidCancelled: (name: string) => `${name} cancelled`,

  // Why an upload was refused, and how to fix it.
  parametersRefused: (count: number) =>
    plural(count, {
      one: "The profile refused this parameter:",
      other: "The profile refused these parameters:",
    }),
  openSettings: "Open Settings",
  howToFix: "How to fix it",
  fixToken: "Enter a valid token in Settings, then retry.",
  fixProfile: "Choose another profile (`npm start` lists those of the demo), then retry.",
  chooseProfile: "Choose a profile",
  fixParameters: "Change the parameters in Settings, then retry.",
  fixFile: "Choose another file, or another profile.",
  fixOrigin: "Add this page's origin to `allowedOrigins` in the signer's configuration.",
  fixConfiguration: "Fix the Worker's configuration; `GET /health` says what is wrong.",
  fixNetwork: "Check that it is running, then retry.",
  fixLater: "Wait a few seconds, then retry.",

  // The signer's configuration.
  faults: "Fix the signer's configuration: until then it does not sign everything that it should.",

  // The gallery.
  gallery: "Gallery",
  asDelivered: "as Cloudinary delivers it",
  rename: "Rename",
  renameAsset: (name: string) => `Rename ${name}`,
  newNameOf: (name: string) => `New name of ${name}`,
  save: "Save",
  delete: "Delete",
  deleteAsset: (name: string) => `Delete ${name}`,
  deleteForGood: "Delete for good",
  keep: "Keep",
  nothingYet: "Nothing here yet. What you upload appears here a moment later, like this:",
  steps: [
    {
      title: "Your browser asks.",
      text: "It sends the signer the profile, the parameters, and the size and type of the file, not the file.",
    },
    {
      title: "The signer signs.",
      text: "It checks who asks and what the policy allows, and answers with a ticket.",
    },
    {
      title: "Cloudinary stores.",
      text: "The file goes there directly, with the fields of the ticket.",
    },
  ],
  thenDetails: "Then “Details” shows what was signed, and the code for your own page.",

  // One of them in large.
  before: "The one before",
  after: "The one after",
  copyAddress: "Copy address",
  addressCopied: "Address copied",
  copyHtml: "Copy HTML",
  htmlCopied: "HTML copied",
  copyMarkdown: "Copy Markdown",
  markdownCopied: "Markdown copied",
  notCopied: "Not copied: this browser does not let the page.",
  openAlone: "Open in a new tab",
  howItWasSigned: "How it was signed",

  // How an upload was signed.
  howSigned: (name: string) => `How ${name} was signed`,
  whyNotSigned: (name: string) => `Why ${name} was not signed`,
  close: "Close",
  browserAsked: "The browser asked",
  request: { name: "request", copy: "Copy the request" },
  tokenInSettings: "the token in Settings",
  ticketAnswered: "The signer answered with a ticket",
  ticketValid: (until: number) => `It is valid until ${clockText(until)}, for these fields and no others.`,
  ticketExpired: (since: number) => `It was valid until ${clockText(since)}; each upload gets its own.`,
  ticket: { name: "ticket", copy: "Copy the ticket" },
  ticketRefused: "The signer gave no ticket",
  answer: { name: "answer", copy: "Copy the answer" },
  stringSigned: "It signed this string",
  apiSecret: "API secret",
  secretStays: "(never leaves the Worker)",
  digest: "digest",
  signature: "signature",
  formSent: "The browser sent this form to Cloudinary",
  field: "Field",
  value: "Value",
  fileUnsigned: (name: string) => `${name}, which the signature does not cover`,
  cloudinaryAnswered: "Cloudinary answered",
  notAnswered: "Cloudinary did not answer",
  cloudinaryAnswer: { name: "answer", copy: "Copy Cloudinary's answer" },
  confirmed: "The signer confirmed it, with a receipt",
  receiptHint:
    "Your own server verifies the receipt with `verifyReceipt`, and then knows what arrived without asking anybody.",
  claims: { name: "what it claims", copy: "Copy the claims" },
  receipt: { name: "receipt", copy: "Copy the receipt" },
  applicationData: { name: "what the application answered", copy: "Copy the application's answer" },
  inTerminal: "The same in a terminal",
  inTerminalHint:
    "Run it in the file's folder, while the ticket is valid. It uploads to the same public ID again; where the profile sets `overwrite=false`, Cloudinary returns the asset that is already there.",
  curlCommand: { name: "curl command", copy: "Copy the curl command" },
  inOwnPage: "The same in your own page",
  withBrowserAlone:
    "The page's origin must be among the signer's `allowedOrigins`. With nothing but the browser:",
  code: { name: "code", copy: "Copy the code" },
  withClient: "With this project's client, for progress, retries and large files:",
  clientCode: { name: "code with the client", copy: "Copy the code with the client" },
  refusalComment: "a refusal says what is wrong",
  addressComment: "asset.secure_url is its address",

  // Why Cloudinary refused an upload.
  whatToDo: "What to do:",
  lessLikely: (count: number) => `Less likely (${numberText(count)})`,
  fieldByField: "Field by field",
  signed: "Signed",
  sent: "Sent",
  verdict: "Verdict",
  verdictOf: (verdict: ComparedField["verdict"]) => VERDICTS[verdict],
  nothingKnown: "Read Cloudinary's own words: no cause that is known here fits them.",
  explainerUnreachable: "Reload this page to see an explanation: it could not be loaded.",

  // Somebody's refusal from elsewhere.
  pasteTitle: "Got “Invalid Signature” elsewhere? Paste it here",
  pasteLabel: "What Cloudinary answered, and what you know of the request",
  pasteExample: "Invalid Signature 2fd4e1c6…. String to sign - 'source=uw&timestamp=1719228000'.",
  pasteHint:
    "It is explained in your browser, as you type: nothing is sent anywhere. Leave out your API secret. `docs/troubleshooting.md` lists every cause.",
  pasteToo: "Paste this too, for a surer answer:",
  nothingFound: "Paste Cloudinary's whole answer: nothing in this text says why it refused.",

  // A block of code.
  copy: "Copy",
  copied: "Copied",
  selected: "Selected: copy it with your keyboard",
} as const satisfies Record<string, Text>;

// Every refusal of the emulator, in the words of Cloudinary's upload API, and how it goes over the wire.
// Texts marked "assumed" were seen in public threads, or not at all; the others are documented.

/** Why a request is refused: what a client gets to see. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 413 | 500;
  readonly message: string;
}

/** `X-Cld-Error` is cut here, since clients give up on a response whose headers pass 16 KiB. */
const MAX_HEADER_CHARACTERS = 4096;

/** Each refusal by its name. */
export const REFUSALS = {
  invalidSignature: (sent: string, stringToSign: string): Refusal => ({
    status: 401,
    message: `Invalid Signature ${sent}. String to sign - '${stringToSign}'.`,
  }),
  /** Of another age than an hour, which an emulator alone can have, in its seconds. */
  stale: (timestampSeconds: number, maxAge: number): Refusal => ({
    status: 400,
    message: `Stale request - reported time is ${reportedTime(timestampSeconds)} which is more than ${maxAge === 3600 ? "1 hour" : `${maxAge} seconds`} ago`,
  }),
  /** Assumed. */
  expired: (expiresAt: number): Refusal => ({
    status: 401,
    message: `Expired - the address was good until ${reportedTime(expiresAt)}`,
  }),
  missing: (name: string): Refusal => ({ status: 400, message: `Missing required parameter - ${name}` }),
  unknownKey: (key: string): Refusal => ({ status: 401, message: `Unknown API key ${key}` }),
  unsigned: (): Refusal => ({
    status: 400,
    message: "Upload preset must be specified when using unsigned upload",
  }),
  /** The emulator holds no presets. */
  unknownPreset: (): Refusal => ({ status: 400, message: "Upload preset not found" }),
  /** Assumed. */
  badTimestamp: (): Refusal => ({ status: 400, message: "Invalid timestamp - whole seconds expected" }),
  /** Assumed. */
  badCloudName: (): Refusal => ({ status: 401, message: "Invalid cloud_name" }),
  /** Assumed. */
  badResourceType: (expected: readonly string[]): Refusal => ({
    status: 400,
    message: `Invalid resource type - ${oneOf(expected)} expected`,
  }),
  /** Assumed. */
  badCommand: (expected: readonly string[]): Refusal => ({
    status: 400,
    message: `Invalid command - ${oneOf(expected)} expected`,
  }),
  /** Assumed. */
  badMode: (): Refusal => ({ status: 400, message: "Invalid mode - create or download expected" }),
  /** Assumed. */
  badType: (): Refusal => ({
    status: 400,
    message: "Invalid type - upload, private or authenticated expected",
  }),
  /** Assumed. */
  badPublicId: (publicId: string): Refusal => ({
    status: 400,
    message: `public_id (${publicId}) is invalid`,
  }),
  /** Seen in threads for other methods; that `explicit` answers so, and after it read the signature, is assumed. */
  noSuchResource: (publicId: string): Refusal => ({
    status: 404,
    message: `Resource not found - ${publicId}`,
  }),
  /** Assumed. */
  nameTaken: (publicId: string): Refusal => ({
    status: 400,
    message: `to_public_id (${publicId}) already exists`,
  }),
  /** Assumed. */
  nothingSelected: (): Refusal => ({
    status: 400,
    message: "Missing required parameter - public_ids, prefixes or tags",
  }),
  /** Assumed. */
  nothingToArchive: (): Refusal => ({ status: 404, message: "No resources found to archive" }),
  /** Assumed; the number is documented. */
  tooManyToArchive: (most: number): Refusal => ({
    status: 400,
    message: `Too many resources to archive. Maximum is ${most}.`,
  }),
  notAnImage: (): Refusal => ({ status: 400, message: "Invalid image file" }),
  notAVideo: (): Refusal => ({ status: 400, message: "Unsupported video format or file" }),
  /** Seen in threads for `Image` and `Raw`; for `Video` assumed. */
  formatNotAllowed: (resourceType: string, format: string): Refusal => ({
    status: 400,
    message: `${resourceType[0]?.toUpperCase()}${resourceType.slice(1)} file format ${format} not allowed`,
  }),
  /** Assumed. */
  emptyFile: (): Refusal => ({ status: 400, message: "Empty file" }),
  /** Assumed. */
  tooLarge: (maxBytes: number): Refusal => ({
    status: 413,
    message: `File size too large. Maximum is ${maxBytes}.`,
  }),
  /** Assumed. */
  badSource: (): Refusal => ({
    status: 400,
    message: "Unsupported source - send the file's bytes or a valid data: URI",
  }),
  /** Seen in threads, with the status that the file's own server answers. */
  notLoaded: (url: string, why: string): Refusal => ({
    status: 400,
    message: `Error in loading ${url} - ${why}`,
  }),
  /** The official SDK's own tests expect this text. */
  shortPart: (): Refusal => ({
    status: 400,
    message: "All parts except EOF-chunk must be larger than 5mb",
  }),
  /** Assumed. */
  noUploadId: (): Refusal => ({
    status: 400,
    message: "Missing X-Unique-Upload-Id header - a part of a file needs it",
  }),
  /** Assumed. */
  badRange: (): Refusal => ({
    status: 400,
    message: "Invalid Content-Range header - bytes <first>-<last>/<total> expected",
  }),
  /** Assumed. */
  badPartLength: (bytes: number, expectedBytes: number): Refusal => ({
    status: 400,
    message: `Invalid part - it has ${bytes} bytes, Content-Range tells of ${expectedBytes}`,
  }),
  /** Assumed. */
  badPartNumber: (): Refusal => ({
    status: 400,
    message:
      "Invalid X-Upload-Part-Number header - a number from 1 to X-Upload-Total-Parts, which is 10000 at most, expected",
  }),
  /** Seen in threads. */
  unequalParts: (): Refusal => ({ status: 400, message: "Inconsistent chunk sizes" }),
  /** Assumed. */
  mixedParts: (): Refusal => ({
    status: 400,
    message: "Invalid part - some parts of this upload have an X-Upload-Part-Number, and some have none",
  }),
  /** Assumed; that totals must agree is documented. */
  totalChanged: (): Refusal => ({
    status: 400,
    message: "Invalid part - its total is not that of the parts before",
  }),
  /** Assumed. */
  fieldsChanged: (names: readonly string[]): Refusal => ({
    status: 400,
    message: `Invalid part - other than in the parts before: ${names.join(", ")}`,
  }),

  // From here on, what only an emulator says.
  fetchesNothing: (): Refusal => ({
    status: 400,
    message:
      "This emulator fetches nothing but from this machine: send the file's bytes or a data: URI instead of a URL",
  }),
  fetchesNothingForPages: (): Refusal => ({
    status: 400,
    message:
      "This emulator fetches nothing for pages of other machines: send the file's bytes or a data: URI instead of a URL",
  }),
  notAForm: (): Refusal => ({
    status: 400,
    message:
      "Unsupported content type: send multipart/form-data, application/x-www-form-urlencoded or application/json",
  }),
  malformed: (what: string): Refusal => ({ status: 400, message: `Malformed request - ${what}` }),
  holdsSecret: (): Refusal => ({
    status: 400,
    message: "The request holds the API secret: it must never leave the server, check your configuration",
  }),
  archiveFormat: (): Refusal => ({
    status: 400,
    message: "This emulator makes zip archives alone: leave target_format out, or send zip",
  }),
  badAdvance: (): Refusal => ({
    status: 400,
    message: 'Send JSON with a number of seconds that moves this emulator\'s clock: {"advance": 60}',
  }),
  knownKey: (key: string): Refusal => ({
    status: 400,
    message: `Add another API key: this emulator has ${key} already`,
  }),
  lastKey: (): Refusal => ({
    status: 400,
    message: "Add another key pair before you disable the only one that is active",
  }),
  badControl: (place: string | undefined, example: object): Refusal => ({
    status: 400,
    message: `${place === undefined ? "Send" : `Correct ${place}: this emulator takes`} a JSON object such as ${JSON.stringify(example)}`,
  }),
  notForPages: (): Refusal => ({
    status: 403,
    message: "Control this emulator from a program: pages, which send an Origin, may only look",
  }),
  noSuchRoute: (): Refusal => ({
    status: 404,
    message:
      "Not found - this emulator takes POST /v1_1/<cloud>/<resource_type>/<method>, where the method is upload, destroy, rename, explicit, tags, context, metadata, generate_archive or download, and POST /v1_1/<cloud>/upload",
  }),
  noSuchAsset: (): Refusal => ({ status: 404, message: "Resource not found" }),
  /** Assumed. */
  unsignedAddress: (): Refusal => ({
    status: 401,
    message: "Unauthorized - private and authenticated assets are delivered at their signed addresses",
  }),
  /** Assumed. */
  badAddress: (): Refusal => ({
    status: 401,
    message: "Invalid Signature - the signature in the address is not that of this asset",
  }),
  restricted: (): Refusal => ({
    status: 401,
    message: "This emulator does not serve assets whose access_mode is authenticated",
  }),
  otherFormat: (own = "none"): Refusal => ({
    status: 400,
    message: `This emulator converts nothing: the asset's own format is ${own}`,
  }),
  bug: (error: Error): Refusal => ({ status: 500, message: `The emulator failed: ${error.message}` }),
} as const;

/** The answer to a refused request: the message in the body and in `X-Cld-Error`. */
export function errorResponse({ status, message }: Refusal): Response {
  return Response.json({ error: { message } }, { status, headers: { "X-Cld-Error": headerText(message) } });
}

/** A message as a legal header value: line breaks and non-ASCII characters, which it may echo, are not. */
function headerText(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, "?").slice(0, MAX_HEADER_CHARACTERS);
}

/** `image, video or raw` */
function oneOf(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** `2016-12-15 04:02:46 +0000` */
function reportedTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} +0000`;
}

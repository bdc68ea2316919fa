// Every cause that an explanation can name: its title, what it says of the fields at hand, and the fix. The page, the
// terminal and docs/troubleshooting.md say it from here.

/** What a cause is said of. */
export interface Said {
  /** The fields' names, as words: "`tags` and `context`". */
  readonly names: string;
  /** Whether they are several. */
  readonly many: boolean;
  /** One field's value, as it was signed and as it was sent. */
  readonly signed?: string;
  readonly sent?: string;
  /** A name, a number or a time that belongs to it. */
  readonly detail?: string;
}

export interface CauseRow {
  readonly title: string;
  /** By which of the messages people come to it. */
  readonly topic: Topic;
  readonly sentence: (said: Said) => string;
  readonly fix: string;
}

/** The parts of docs/troubleshooting.md: what people search for. */
export const TOPICS = {
  fields: "Invalid Signature: other fields were sent than were signed",
  values: "Invalid Signature: a value was sent otherwise than it was signed",
  text: "Invalid Signature: the text that was hashed",
  hash: "Invalid Signature: the hash",
  account: "Invalid Signature with the right string to sign: the secret and the key",
  time: "Stale request, and what is wrong with a time",
  request: "Missing required parameter, Upload preset must be specified, Unknown API key",
  file: "File size too large, format not allowed",
  around: "CORS, and refusals by the signer",
} as const;
export type Topic = keyof typeof TOPICS;

const was = ({ names, many }: Said) => `${names} ${many ? "were" : "was"}`;
const quoted = (text: string | undefined) => `\`${text ?? ""}\``;
const versus = ({ signed, sent }: Said): string =>
  signed === undefined || sent === undefined
    ? ""
    : `: ${quoted(signed)} was signed, ${quoted(sent)} was sent`;

/** What to do where only a comparison with the secret can tell; `doctor` makes it on the owner's machine. */
const PROVE =
  "`cloudinary-edge-signer doctor` beside your secret tells whether key and secret belong together, and `doctor --message FILE` with Cloudinary's message in it tells which mistake makes the very signature that you sent";

const rows = {
  // Other fields.
  sent_not_signed: {
    title: "A field was sent and not signed",
    topic: "fields",
    sentence: (of) => `${was(of)} sent to Cloudinary and not signed.`,
    fix: "Sign every field that the form holds except `file`, `api_key`, `cloud_name`, `resource_type` and `signature`; or take the field out of the form.",
  },
  signed_not_sent: {
    title: "A field was signed and not sent",
    topic: "fields",
    sentence: (of) => `${was(of)} signed and not sent to Cloudinary.`,
    fix: "Put exactly the signed fields into the form: with a ticket, `for (const [name, value] of Object.entries(ticket.fields)) form.append(name, value)`.",
  },
  sent_twice: {
    title: "A field was sent twice",
    topic: "fields",
    sentence: (of) => `${was(of)} sent more than once in one form.`,
    fix: "Send each field once: `form.set(name, value)` in place of `form.append`, and a new FormData for each upload.",
  },
  source_not_signed: {
    title: "The Upload Widget's `source=uw` was not signed",
    topic: "fields",
    sentence: () => "The Upload Widget adds `source=uw` to every upload, and it was not signed.",
    fix: 'Sign all that the widget gives your `uploadSignature` function in `paramsToSign`, `source` included, and not a list of your own; with this signer, let the profile accept it: `accept: { source: { enum: ["uw"] } }`.',
  },
  preset_not_signed: {
    title: "The component added `upload_preset`, and it was not signed",
    topic: "fields",
    sentence: () =>
      "`upload_preset` was sent and not signed: components add it by themselves where they are given one.",
    fix: "Sign `upload_preset` with the other fields, or give the component no preset: a signed upload needs none.",
  },
  unsigned_name_signed: {
    title: "A name was signed that Cloudinary leaves out of the signature",
    topic: "fields",
    sentence: (of) => `${was(of)} signed, which Cloudinary leaves out of every signature.`,
    fix: "Leave `file`, `api_key`, `cloud_name`, `resource_type` and `signature` out of what you sign. They are sent (the resource type and the cloud name in the address), and not signed.",
  },
  unknown_field: {
    title: "The uploader sent a field of its own",
    topic: "fields",
    sentence: (of) =>
      `${was(of)} sent, which ${of.many ? "are not parameters" : "is not a parameter"} of Cloudinary's and was not signed.`,
    fix: "Keep the uploader from adding fields of its own (Uppy: `allowedMetaFields`; Dropzone: `chunking: false`, or build the form yourself), so that the form holds the signed fields, `file`, `api_key` and `signature` alone.",
  },
  camel_case_name: {
    title: "A name is written in another way than Cloudinary's",
    topic: "fields",
    sentence: (of) =>
      `${was(of)} written otherwise than Cloudinary's own name${of.detail === undefined ? "" : `, ${quoted(of.detail)}`}.`,
    fix: "Use Cloudinary's names with underscores on both sides: `public_id`, `upload_preset`, `api_key`.",
  },
  mixed_tickets: {
    title: "The signature is of another request",
    topic: "fields",
    sentence: () =>
      "The signature that was sent is not the one that was made for these fields: two tickets, or an old and a new answer, were mixed.",
    fix: "Take the signature, the timestamp and all other fields from one and the same answer, one for each file, and don't keep them between uploads.",
  },

  // Other values.
  changed_after_signing: {
    title: "A value changed after it was signed",
    topic: "values",
    sentence: (of) => `${was(of)} changed between signing and sending${versus(of)}.`,
    fix: "Build the value once, sign it, and send that same text.",
  },
  timestamp_made_twice: {
    title: "The timestamp was made twice",
    topic: "values",
    sentence: (of) => `\`timestamp\` is not the one that was signed${versus(of)}.`,
    fix: "Make the timestamp once, where the signature is made, and send the one that comes with the signature.",
  },
  boolean_spelling: {
    title: "A boolean is spelled in another way",
    topic: "values",
    sentence: (of) => `${was(of)} signed and sent in two spellings of the same boolean${versus(of)}.`,
    fix: "Sign booleans as the text that is sent: FormData writes `true` and `false`, Cloudinary's SDKs write `1` and `0`, Python's `str` writes `True`.",
  },
  list_joining: {
    title: "A list is joined in another way",
    topic: "values",
    sentence: (of) => `${was(of)} joined in another way when signing than when sending${versus(of)}.`,
    fix: "Sign a list as its items with a comma between and no spaces, in the order in which they are sent, under the name without `[]` (`eager` joins its items with `|`).",
  },
  number_format: {
    title: "A number is written in another way",
    topic: "values",
    sentence: (of) => `${was(of)} written as two texts of the same number${versus(of)}.`,
    fix: "Turn the number into text once, and sign and send that text: `1` and `1.0` are two texts.",
  },
  empty_value_signed: {
    title: "An empty value was signed",
    topic: "values",
    sentence: (of) => `${was(of)} signed though empty: Cloudinary leaves empty values out.`,
    fix: "Leave out what is empty, null or undefined, before you sign and before you send.",
  },
  not_a_value: {
    title: "A variable without a value became text",
    topic: "values",
    sentence: (of) =>
      `${was(of)} sent or signed as ${quoted(of.detail)}: a variable without a value, or an object, was turned into text.`,
    fix: "Find where the value comes from, and leave the field out where there is none; `context` and `metadata` are written `key=value|key=value`.",
  },
  context_format: {
    title: "Context or metadata is written in another form",
    topic: "values",
    sentence: (of) => `${was(of)} written in another form than \`key=value|key=value\`${versus(of)}.`,
    fix: "Write `context` and `metadata` as `key=value|key=value`, with a backslash before every `=` and `|` inside a value, and sign that text.",
  },
  transformation_order: {
    title: "A transformation is written in another order",
    topic: "values",
    sentence: (of) => `${was(of)} written in another order of the same parts${versus(of)}.`,
    fix: "Write transformations as text, once, and sign and send that text: SDKs sort the parts.",
  },
  white_space: {
    title: "White space or line breaks differ",
    topic: "values",
    sentence: (of) =>
      `${was(of)} signed and sent with other white space or line breaks: a form turns every line break into CR LF.`,
    fix: "Trim values before you sign them, and write line breaks as CR LF or leave them out.",
  },
  unicode_form: {
    title: "The same letters in two Unicode forms",
    topic: "values",
    sentence: (of) =>
      `${was(of)} signed in one Unicode form and sent in another, as file names of a Mac are.`,
    fix: 'Call `text.normalize("NFC")` before you sign, and send that text.',
  },
  letter_case: {
    title: "Capitals differ",
    topic: "values",
    sentence: (of) => `${was(of)} signed and sent with other capitals${versus(of)}.`,
    fix: "Sign the text exactly as it is sent.",
  },
  quoted_value: {
    title: "A value is wrapped in quotes",
    topic: "values",
    sentence: (of) => `${was(of)} wrapped in quotes on one side${versus(of)}.`,
    fix: "Don't call JSON.stringify on a single value, and take the quotes out of the .env file or the shell's variable.",
  },
  html_escaped: {
    title: "A value was escaped for HTML",
    topic: "values",
    sentence: (of) => `${was(of)} escaped for HTML on one side${versus(of)}.`,
    fix: "Sign and send the plain text, and hand values to scripts as JSON and not through a template that escapes.",
  },
  url_encoded: {
    title: "Values were URL-encoded before they were signed",
    topic: "values",
    sentence: (of) => `${was(of)} URL-encoded before signing or sending${versus(of)}.`,
    fix: "Sign the plain text: no encodeURIComponent, no URLSearchParams, no http_build_query or urlencode. A form of type multipart/form-data is not encoded either.",
  },
  ampersand_escaping: {
    title: "An `&` inside a value was signed the old way",
    topic: "values",
    sentence: (of) =>
      `${was(of)} signed with a plain \`&\` inside: signature version 2 writes it \`%26\` in the string to sign.`,
    fix: "In the string to sign, and only there, write every `&` inside a value as `%26`; SDKs of mid-2025 and later do. Or take the `&` out of the value.",
  },

  // The text.
  sorted_otherwise: {
    title: "The fields were sorted otherwise",
    topic: "text",
    sentence: (of) => `The fields were signed in another order than Cloudinary's: ${of.names}.`,
    fix: "Sort the names by their bytes (`Object.keys(params).sort()`), not by locale (`localeCompare`), and not as they come.",
  },
  json_signed: {
    title: "JSON was signed",
    topic: "text",
    sentence: () => "JSON was signed in place of `name=value&name=value`.",
    fix: "Sign the sorted fields as `name=value`, joined with `&`.",
  },
  separator: {
    title: "The pieces were joined otherwise",
    topic: "text",
    sentence: (of) =>
      `The text that was signed is put together otherwise${of.detail === undefined ? "" : `: ${of.detail}`}.`,
    fix: "Join `name=value` pieces with `&` and nothing else, and append the secret right after the last value: no `?` before, no `&` after, no line breaks, no spaces.",
  },

  // The hash.
  hmac: {
    title: "An HMAC in place of a plain hash",
    topic: "hash",
    sentence: () => "An HMAC was computed; Cloudinary wants a plain hash.",
    fix: 'Hash the string to sign with the secret appended: `createHash("sha256").update(stringToSign + apiSecret)`, and not `createHmac`.',
  },
  secret_first: {
    title: "The secret stands before the text",
    topic: "hash",
    sentence: () => "The secret was put before the string to sign; it belongs after it.",
    fix: "Hash `stringToSign + apiSecret`, in this order.",
  },
  secret_missing: {
    title: "No secret was hashed",
    topic: "hash",
    sentence: () =>
      "The string to sign was hashed without any secret, or with the word `undefined` in its place.",
    fix: "Append the API secret: the variable that should hold it is empty where the signature is made.",
  },
  not_utf8: {
    title: "Other letters than ASCII were hashed in another encoding",
    topic: "hash",
    sentence: (of) =>
      `${of.names} ${of.many ? "hold" : "holds"} letters outside ASCII, which were hashed in another encoding than UTF-8.`,
    fix: 'Turn the text into UTF-8 before it is hashed: `new TextEncoder().encode(text)`, `.update(text, "utf8")`, `text.encode("utf-8")`, and not Latin-1, UTF-16 or a `binary` string.',
  },
  base64_signature: {
    title: "The signature is written in base64",
    topic: "hash",
    sentence: () => "The signature is written in base64; Cloudinary wants hexadecimal digits.",
    fix: 'Write the digest in lower-case hexadecimal: `.digest("hex")`.',
  },
  upper_case_signature: {
    title: "The signature is written in capitals",
    topic: "hash",
    sentence: () => "The signature is written in capitals.",
    fix: "Write the digest in lower-case hexadecimal.",
  },
  other_hash: {
    title: "The hash is neither SHA-1 nor SHA-256",
    topic: "hash",
    sentence: (of) =>
      `The signature has ${of.detail} hexadecimal digits: neither the 40 of SHA-1 nor the 64 of SHA-256.`,
    fix: "Hash with SHA-256, or with SHA-1 where the account is set to it; MD5 (32 digits), SHA-384 (96) and SHA-512 (128) are not taken, and a signature that was cut is not either.",
  },
  signature_not_text: {
    title: "What was sent is not a signature",
    topic: "hash",
    sentence: (of) =>
      `${quoted(of.detail)} was sent as the signature: the answer of the signing endpoint was not read, not awaited, or was an error.`,
    fix: "Await the signing request, look at its status, and take `signature` out of its JSON: `(await response.json()).signature`.",
  },
  delivery_signature: {
    title: "A delivery signature in place of an upload's",
    topic: "hash",
    sentence: () => "The signature is one of a delivery URL (`s--…--`), which signs no uploads.",
    fix: "Sign the upload's fields with `api_sign_request`, or ask this signer for a ticket.",
  },
  sha1_refused: {
    title: "SHA-1 on an account that wants SHA-256",
    topic: "hash",
    sentence: () => "The signature is a SHA-1 (40 digits), and the account takes SHA-256 alone.",
    fix: 'Sign with SHA-256: `signatureAlgorithm: "sha256"` in this signer (its default), `signature_algorithm: "sha256"` in Cloudinary\'s SDKs.',
  },

  // The secret and the key.
  secret_or_key: {
    title: "The secret or the key is wrong",
    topic: "account",
    sentence: () =>
      "Where Cloudinary's string to sign is the one that was signed, the secret is not the one of this API key, or it was hashed in another way.",
    fix: `Copy key and secret anew, from one line of Cloudinary's Settings > API Keys; ${PROVE}.`,
  },
  secret_quoted: {
    title: "Quotes became part of the secret",
    topic: "account",
    sentence: () => "The secret was hashed with quotes around it.",
    fix: "Take the quotes off where the secret is set: Docker's `--env-file` and dashboards keep them.",
  },
  secret_white_space: {
    title: "White space became part of the secret",
    topic: "account",
    sentence: () => "The secret was hashed with white space, mostly a line break at its end.",
    fix: 'Set the secret without it: `printf %s "$SECRET"` in place of `echo`, and trim what is read from a file.',
  },
  secret_truncated: {
    title: "A part of the secret is missing",
    topic: "account",
    sentence: () => "Only a part of the secret was hashed.",
    fix: "Copy the whole secret with Cloudinary's copy button; in a .env file put quotes around what holds `#` or `$`, which would cut it.",
  },
  key_as_secret: {
    title: "The API key was taken for the secret",
    topic: "account",
    sentence: () => "The API key, which is made of digits, was hashed in the secret's place.",
    fix: "Use the API secret, which Cloudinary shows on demand beside the key.",
  },
  key_of_another_account: {
    title: "Key and secret of two accounts",
    topic: "account",
    sentence: (of) =>
      `The API key that was sent is not the one that belongs to the secret${of.detail === undefined ? "" : `, ${quoted(of.detail)}`}.`,
    fix: "Take cloud name, key and secret from one account and one line: `CLOUDINARY_URL` holds all three in one piece.",
  },

  // Times.
  stale: {
    title: "The signature is older than an hour",
    topic: "time",
    sentence: (of) =>
      `The signature is older than the hour for which Cloudinary takes it${of.detail === undefined ? "" : `: ${of.detail}`}.`,
    fix: "Ask for a fresh signature right before each upload; don't cache it, don't render it into a page that is cached, and don't reuse it for the next file.",
  },
  milliseconds: {
    title: "The timestamp is in milliseconds",
    topic: "time",
    sentence: () => "The timestamp is in milliseconds; Cloudinary wants seconds.",
    fix: "Use whole seconds: `Math.floor(Date.now() / 1000)`.",
  },
  seconds_divided: {
    title: "The timestamp was divided by 1000 though it was in seconds",
    topic: "time",
    sentence: () => "The timestamp lies in 1970: seconds were divided by 1000 once more.",
    fix: "Divide milliseconds once: `Math.floor(Date.now() / 1000)`.",
  },
  not_seconds: {
    title: "The timestamp is not a number of seconds",
    topic: "time",
    sentence: (of) =>
      `The timestamp${of.detail === undefined ? "" : ` ${quoted(of.detail)}`} is not a whole number of seconds since 1970.`,
    fix: "Send whole seconds without a fraction and not as a date: `Math.floor(Date.now() / 1000)`.",
  },
  future_time: {
    title: "The timestamp lies in the future",
    topic: "time",
    sentence: (of) => `The timestamp lies ${of.detail} in the future.`,
    fix: "Make it on the server, from a clock that is kept in step (NTP), in UTC.",
  },
  clock_skew: {
    title: "A clock is wrong",
    topic: "time",
    sentence: (of) =>
      `The clock of the machine that signed is ${of.detail ?? "some time"} away from Cloudinary's.`,
    fix: "Set the clock of the machine that makes the timestamp (NTP); of a device in a user's hand, don't use it, but the server's.",
  },
  local_time: {
    title: "A local time was taken for UTC",
    topic: "time",
    sentence: (of) =>
      `The timestamp is off by ${of.detail ?? "some hours"}, as much as a time zone: a local time was probably taken for UTC.`,
    fix: "Use the seconds since 1970 as the clock gives them (`Date.now()`, `time.time()`, `time()`), and not a date that was parsed or shifted.",
  },

  // The request.
  another_method: {
    title: "The request went to another method's address",
    topic: "request",
    sentence: (of) =>
      `The request was sent to ${of.sent === undefined ? "an address that answers no uploads" : quoted(of.sent)}${of.signed === undefined ? "" : `, and signed for ${quoted(of.signed)}`}.`,
    fix: "Send it to the address that it was signed for: a ticket's `url`, as it stands. Uploads go to `https://api.cloudinary.com/v1_1/<cloud>/<resource type>/upload` by POST.",
  },
  wrong_cloud: {
    title: "The address names another cloud",
    topic: "request",
    sentence: (of) =>
      `The address names ${of.sent === undefined ? "a cloud that Cloudinary does not know, or that is not the API key's" : `the cloud ${quoted(of.sent)}`}${of.signed === undefined ? "" : `; the key belongs to ${quoted(of.signed)}`}.`,
    fix: "Use the cloud name of the account that key and secret belong to; it is case-sensitive and is not the name of a product environment or a folder.",
  },
  unknown_key: {
    title: "Cloudinary does not know the API key",
    topic: "request",
    sentence: (of) =>
      `Cloudinary does not know the API key${of.detail === undefined ? "" : `: ${of.detail}`}.`,
    fix: "Copy the API key (digits alone) and the cloud name from one account; a key that was deleted or disabled is unknown too.",
  },
  missing_parameter: {
    title: "A required field is missing",
    topic: "request",
    sentence: (of) => `${of.names} ${of.many ? "are" : "is"} missing from what was sent.`,
    fix: "Send `file`, `api_key`, `timestamp` and `signature` as fields of a form, by the platform's FormData, without a `Content-Type` header of your own (the browser writes it, with the boundary). Where a component says it, look at the answer of your signing endpoint: an error without a `signature` ends like this.",
  },
  unsigned_request: {
    title: "The upload arrived without a signature",
    topic: "request",
    sentence: () => "The upload arrived without a signature, so Cloudinary took it for an unsigned one.",
    fix: "Send `signature`, `timestamp` and `api_key` beside the file; look at your signing endpoint's answer, which may be an error, and give the component its `signatureEndpoint` or `uploadSignature`. A preset for signed uploads is refused without a signature too.",
  },
  unknown_preset: {
    title: "The upload preset does not fit",
    topic: "request",
    sentence: () =>
      "There is no such upload preset in this account, or it does not allow this kind of upload.",
    fix: "Correct its name, or leave `upload_preset` out: a signed upload needs none.",
  },
  secret_sent: {
    title: "The API secret was sent",
    topic: "request",
    sentence: (of) => `${was(of)} among the fields: the secret must never leave the server.`,
    fix: "Take it out of the form, and make a new secret at Cloudinary: this one is in the hands of whoever saw the request.",
  },

  // The file.
  file_refused: {
    title: "Cloudinary refused the file",
    topic: "file",
    sentence: (of) =>
      `Cloudinary refused the file and not the signature${of.detail === undefined ? "" : `: ${of.detail}`}.`,
    fix: "Compare the file's size and format with `allowed_formats`, the resource type in the address and the limits of the account's plan; `raw` takes any format that `allowed_formats` does not rule out.",
  },
  file_not_loaded: {
    title: "Cloudinary could not load the file from its address",
    topic: "file",
    sentence: (of) =>
      `Cloudinary took the signature, and could not load the file${of.detail === undefined ? "" : `: ${of.detail}`}.`,
    fix: "Send an address that answers the file itself, with status 200, to anybody on the internet: a status at the end of the message is what its server answered. Or send the file's bytes.",
  },

  // Around it.
  other_refusal: {
    title: "Cloudinary refused for another reason than the signature",
    topic: "request",
    sentence: (of) =>
      `Cloudinary refused for another reason than the signature${of.detail === undefined ? "" : `: ${quoted(of.detail)}`}.`,
    fix: "Correct what the message names: the signature is not what it is about. Cloudinary's reference of the upload API says what each parameter may hold.",
  },
  cors_header: {
    title: "The page sent Cloudinary a header or credentials that no page may send there",
    topic: "around",
    sentence: () =>
      "The request to Cloudinary carried a header (such as Authorization) or credentials that Cloudinary allows no page to send.",
    fix: 'Send the upload with nothing but its form: no Authorization header (look for axios defaults and interceptors), no X-Requested-With, no credentials: "include" or withCredentials.',
  },
  cors: {
    title: "The browser kept the answer from the page",
    topic: "around",
    sentence: () =>
      "The browser could not reach the address, or may not show its answer to this page (CORS).",
    fix: "Name the page's origin in the signer's `allowedOrigins`, with scheme and port; ask by HTTPS; check the address. Cloudinary's upload address answers pages of every origin, unless it is misspelt or an extension blocks it.",
  },
  signer_refused: {
    title: "The signer refused, not Cloudinary",
    topic: "around",
    sentence: (of) => `The signer refused (${of.detail}) before anything was sent to Cloudinary.`,
    fix: "Do what its `detail` and `errors` say; `docs/reference.md` explains each code.",
  },
} as const satisfies Readonly<Record<string, CauseRow>>;

export type CauseCode = keyof typeof rows;
export const CAUSES: Readonly<Record<CauseCode, CauseRow>> = rows;

// Every reason for which the policy refuses a parameter or finds a fault in a profile, under the rule it comes from: its
// sentence and, of a refusal, its code. Everything else makes and passes reasons as data; no code reads a sentence.

import { MAX_TEXT_LENGTH } from "../values/text.ts";

/** What is wrong with a parameter of a request; part of the public contract. */
export type RefusalCode = "forbidden" | "missing" | "different" | "invalid";

/** A sentence, `<name>` standing for what was found; and the code of a refusal, `invalid` where none stands. */
type Row = string | readonly [sentence: string, code: RefusalCode];

const OWN_FOLDER = "set unique_filename: true, a folder of the caller's own such as users/{sub}, or";
const OTHER_FOLDER = "set unique_filename: true, or a folder where no other profile's names are";
const BY_FILE = "the file's name, which is not signed, picks the public ID";
const NOT_BY_PRESET = "set unique_filename: true, overwrite, type and use_filename, too";
const BY_PRESET = "the preset picks the public ID, and could replace";
const OR_HASH = "; a profile that writes {<claim>|hash} takes any text";
const OTHER_METHOD = "the same signature is valid for <method>";
const ACCEPTS = "this profile accepts: <accepted>";

const SENTENCES = {
  R1: {
    unsigned: ["leave it out: it is never signed", "forbidden"],
    unknown: [`is not a parameter of <method>; ${ACCEPTS}`, "forbidden"],
    never_signed: "remove it: no profile signs it, for it could show or reach what is not the caller's own",
    of_another: "remove it: it is a parameter of <other>, and <method> takes none of that name",
    unknown_name: "is not a parameter of <method>: write names as in Cloudinary's docs",
    nothing_set: "set at least overwrite: false: a signature over a time alone is not one of an upload",
  },
  R2: {
    server_time: ["set by the server: the time now", "forbidden"],
    time_missing: ["send the time now in Unix seconds", "missing"],
    time_digits: "must be whole Unix seconds without leading zeros",
    milliseconds: "is in milliseconds: send Math.floor(milliseconds / 1000)",
    time_range: "must be at most <past> s old and at most <future> s ahead",
    time_set: "write `ttl` for a shorter life: the server sets the time",
    ttl_range: "must be whole seconds from <min> to <max>",
    ttl_once:
      "must be at most <max> s, or take <access> out of `access`: what its callers show is good once, and nothing can be renewed by it",
  },
  R3: {
    not_own: "must begin with <prefix>",
    folder_ignored: "put <folder> into the prefix of public_id: other methods may ignore it",
    folder_joined: "put <folder> into public_id: some accounts join the two, and others do not",
    unknown_risk: "knows only <known>",
    other_method: `or remove it: ${OTHER_METHOD}`,
    opt_in: `or write allow: ["<optIn>"]: ${OTHER_METHOD}, and whoever holds it can <risk>`,
    no_owner:
      "name access methods whose callers are someone, such as jwt: <method> works on assets that a caller owns",
    not_owner:
      "begin with a claim of the caller's own, such as <example>: <method> could reach what belongs to others",
    not_back_end:
      'begin with a claim of the caller\'s own, such as <example>: allow: ["<optIn>"] is for profiles whose access methods are all of type token or service',
    others_assets: `begin with a claim such as <example>, or write allow: ["<optIn>"]: <method> could reach what belongs to others`,
    random_selector:
      "write a known name, such as users/{sub}/avatar: <method> finds nothing by a name that is random",
    no_one: `remove it: callers here are no one in particular, and ${OTHER_METHOD}`,
  },
  R5: {
    never_sent: [`no client may choose it; ${ACCEPTS}`, "forbidden"],
    authenticated: "remove it, or write type: upload or private: a profile makes no authenticated assets",
    authenticated_kept:
      "remove it, or write type: upload or private: what is authenticated can only be deleted, by destroy",
    never: "write it under `set`, or remove it: no client may choose it",
  },
  R6: {
    whole_not_accepted: [`is not accepted; ${ACCEPTS}`, "forbidden"],
    whole_not_listed: "allowed: <listed>",
    whole_values: "list the whole values that are allowed in `enum`",
  },
  R7: {
    file_replaces: `${OWN_FOLDER} overwrite: false too: ${BY_FILE} and can replace any asset`,
    file_shared: `${OWN_FOLDER} allow: ["<optIn>"]: ${BY_FILE}, and who takes a name that is taken is answered the other's asset`,
    file_takes: `${OTHER_FOLDER}: ${BY_FILE} and could take the names of <where>`,
    file_taken: `${OTHER_FOLDER}, for <where>: there ${BY_FILE} and could take these names`,
  },
  R8: {
    preset: "set <names> too: nobody here can see what a preset decides",
    preset_alone:
      'set <names> too, or write allow: ["<optIn>"]: nobody here can see what a preset decides, and with the wrong one any asset of the account may be replaced',
    preset_takes: `${NOT_BY_PRESET}, or keep it and <where> in two accounts of Cloudinary: ${BY_PRESET} these too`,
    preset_taken: `${NOT_BY_PRESET} for <where>, or keep the two in two accounts of Cloudinary: there ${BY_PRESET} these too`,
  },
  R9: {
    empty: "is empty",
    spaced: "begins or ends with white space",
    text_too_long: `is longer than ${MAX_TEXT_LENGTH} characters`,
    surrogate: "holds half of a surrogate pair",
    control: "holds a control character",
    percent_26: "holds `%26`, which a signature can't tell from `&`",
    ampersand: "holds `&`, which is allowed in context and metadata only",
    lookalike: "holds a character that could be read as another one",
    path_character: "holds one of ? # \\ % + or an angle bracket",
    dots: "is `.` or `..`",
    not_text: "must be a string",
    not_number: "must be a number in plain digits",
    not_whole: "must be a whole number",
    not_boolean: "must be true or false",
    not_boxes: "must be x,y,width,height in numbers; several boxes are joined with |",
    not_list: "must be a list of strings, or one string with commas",
    not_texts: "must be a string, or a list of strings",
    not_scalar: "must be a string, a number, true or false",
    not_flat: "must be a string, a number, true or false, or a flat list of those",
    not_json: "must be a JSON string, a list or an object",
    not_pairs: "must be an object, or one string key=value|key=value",
    syntax: "must be key=value pairs joined with |, with \\= and \\| inside of them",
    escape: "holds a backslash that escapes neither = nor |",
    key_twice: "has the same key twice",
    key_character: "holds =, | or a backslash",
    backslash: "holds a backslash",
    bracket: "begins with [: write a list as a list",
    comma: "holds a comma",
    open_folder: "must end with /: without it, users/4 would also match users/42/…",
    list_item: 'has a list item with " or a comma in it',
    several_lines: "can hold one line only",
    spelling: "write numbers in plain digits: <plain>",
  },
  R10: {
    email: "the claim email is not verified",
    not_claim: "the claim <claim> must be a string",
    not_plain: `the claim <claim> must be 1 to 64 letters, digits, - and _${OR_HASH}`,
    claim_separator: `the claim <claim> must not hold <separators>, which ends it here${OR_HASH}`,
    claim_unknown:
      "list <claim> in the `claims` of the access method <access>, or take that method out of `access`: its callers have <claims>",
    claim_first: "begin with text, such as <example>: a caller could be called like anything there is",
    places_touch: "put a separator between {<place>} and the place beside it",
    open_prefix:
      "write <example>: without a separator after {<place>}, it would also fit callers whose {<place>} begins alike",
    part_of_segment: "{<place>} must fill a whole path segment, or be written {<place>|hash}",
  },
  R11: {
    claims_meet: "put {access} beside it, or name one access method: claims of two could be equal",
    access_separator: "use another separator: <separator> stands in the name of an access method",
    names_meet:
      "begin with text of its own, such as <profile>/: another caller could get the same names by <where>",
  },
  R12: {
    set: ["set by the server: <value>", "forbidden"],
    different: ["the profile wants: <value>", "different"],
    nothing_but: ["the profile wants nothing but: <value>", "different"],
    missing: ["the profile wants: <value>", "missing"],
    set_and_accept: "remove it here or under `set`: it can only be one of the two",
    shared_key: "remove the keys that are under `set` too, whatever the case of their letters",
  },
  // The profile's own limits, and the form that a profile has to have.
  none: {
    selector_missing: ["send <names>, which <method> needs", "missing"],
    needs: "add <names>, which <method> needs, here or under `accept`",
    resource_type: "write image, video or raw: <method> needs to know which",
    uploads_alone: "its method is <method>, and components choose the parameters of uploads alone",
    not_accepted: [`is not accepted; ${ACCEPTS}`, "forbidden"],
    not_known_value: "must be one of <listed>",
    not_listed: "allowed: <listed>",
    not_prefixed: "must begin with <prefix>",
    foreign_key: "only these keys are allowed: <keys>",
    charset: "only these characters are allowed: <charset>",
    charset_after: "only these characters are allowed after <prefix>: <charset>",
    too_many: "at most <most> items are allowed",
    too_long: "at most <most> characters are allowed",
    too_small: "must be at least <min>",
    too_large: "must be at most <max>",
    random: "it sets <param> to a random value, which a client can't know",
    renewed: "its tickets live <life> s and are renewed, and a client's own signature lives <full> s",
    unconfirmed: "its files are confirmed by an upload ID, which only tickets have",
    short: "its signatures live <life> s, and those over a client's timestamp <full> s",
    set_empty: "remove it: it is empty, and so not signed",
    brace_in_key: "a key holds a brace, and nothing is filled in there",
    unpaired_brace: "has a brace without its pair",
    percent: "has a % directly before a place to fill",
    unknown_place: "has braces without a meaning: write {uuid}, {date}, {access}, {claim} or {claim|hash}",
    unfit: "`<limit>` does not apply to it; what does: <fit>",
    keys_missing: "list the keys that a client may send in `keys`",
    unfit_key: "a key is empty, begins or ends with white space, or holds one of = | \\ & , { } %",
    keys_by_case: "two keys differ in the case of their letters alone",
    allows_nothing: "is empty and allows nothing",
    allows_all: "is empty: remove it, or say what a value begins with",
    charset_syntax: "write characters and ranges alone, such as `a-z0-9-`, without [ ] ^ or \\",
    backwards: "one of its ranges runs backwards",
    random_prefix: "holds {uuid}, which a client can't know",
    max_length: `\`maxLength\` is above ${MAX_TEXT_LENGTH}`,
    min_above_max: "`min` is above `max`",
    file_method: "remove it: <method> takes no file",
    file_name:
      "set a public_id with {uuid}, such as users/{sub}/{uuid}, or one of the caller's own: a file that breaks the limits is deleted by its name, which must be no other's",
    file_folder:
      "write it into public_id: some accounts put it before that and others do not, and what arrived is looked for by its name",
    file_overwrite:
      'set overwrite: false, or write allow: ["<optIn>"]: a file that breaks the limits is deleted, and what it replaced is lost',
    file_async: "remove it: Cloudinary would answer before there is a file to confirm",
    file_name_missing: ["send a public_id: what arrives is looked for by its name", "missing"],
    file_bytes: 'must be a number of bytes above 0, or a text such as "5 MB" (B, kB, MB, GB, KiB, MiB, GiB)',
    file_formats:
      "must be a list of formats in lower case, such as jpg: it is empty, or holds something else",
    formats_twice: "remove allowed_formats: `formats` is signed as such",
    formats_converted:
      "remove it, or `format`: files are stored in that format, and not as they were allowed in",
    formats_raw: "remove it: raw files have no format",
    max_files: "must be a whole number from 1 to <most>",
    quarantine_name:
      "set a public_id with {uuid}: under a name that is known before, others could have what is published",
    quarantine_tags:
      "begin with a claim of the caller's own, such as u-{sub}-: whoever holds a ticket could download all that carries the tag, and what waits to be published too",
    quarantine_type: "remove it: quarantine sets the type itself, authenticated until it is confirmed",
    notify_file:
      "write file: {} beside it, or limits on what arrives: what Cloudinary reports is judged by them, and is this profile's by its upload ID",
    notify_twice: "remove it: `notify` sets it, to an address of the signer's for each upload",
    public_url:
      "write `publicUrl`, where the signer is reached, such as https://uploads.example.com: receipts name it as their issuer, and these profiles have `file`: <profiles>",
    no_access: 'write ["public"], for anybody, or name an access method: there is none',
    undeclared: "declare the access method in `access`, or name one that is declared: <known>",
    drop_in_name:
      "remove it, or let callers be someone and let it begin with a claim of theirs, such as users/{sub}/: components choose its value",
    any_folder: "list folders in `enum`, or give a `prefix`: a client could choose anybody's",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Row>>>>;

/** What a reason can be about, as the beginning of its sentence. */
const PARTS = {
  item: "an item",
  segment: "a path segment",
  key: "a key",
  pair: "the value of one key",
  enum: "`enum`:",
  prefix: "`prefix`",
  charset: "`charset`:",
  uuid: "let it hold {uuid},",
  claim: "let it hold {uuid} or a claim such as {sub},",
  own_prefix: "give it a prefix with a claim, such as u-{sub}-,",
  drop_in: "can't be true:",
  ticket_request: 'ask for a ticket with {"params": {…}}:',
  drop_in_request:
    'ask for a ticket with {"params": {…}}, or by a profile with dropIn: true; this one signs nothing that a client chose:',
} as const;

type Sentences = typeof SENTENCES;
/** A rule by its number. */
export type Rule = Exclude<keyof Sentences, "none">;
export type Part = keyof typeof PARTS;

/** The names between `<` and `>`. */
type Holes<S> = S extends `${string}<${infer Name}>${infer Rest}` ? Name | Holes<Rest> : never;
type Reasons<Rows> = {
  [Name in keyof Rows]: {
    readonly reason: Name;
    /** The part that is wrong, or what is ruled out; absent, the value is wrong. */
    readonly of?: Part | undefined;
  } & {
    readonly [Found in Holes<Rows[Name] extends readonly [infer S, unknown] ? S : Rows[Name]>]:
      | string
      | number;
  };
}[keyof Rows];

/** One reason with what was found, as data. */
export type Reason = { [Group in keyof Sentences]: Reasons<Sentences[Group]> }[keyof Sentences];

/** The rule and the row of a reason. There is no index: making one would cost each start, and most refuse nothing. */
function found(reason: Reason["reason"]): readonly [rule: string, row: Row] {
  const groups = Object.entries<Readonly<Record<string, Row>>>(SENTENCES);
  const [rule, rows] = groups.find(([, group]) => Object.hasOwn(group, reason))!;
  return [rule, rows[reason]!];
}

/** The rule that a reason comes from; a limit that the profile sets comes from none. */
export function ruleOf({ reason }: Reason): Rule | undefined {
  const [rule] = found(reason);
  return rule === "none" ? undefined : (rule as Rule);
}

/** The code by which a request is refused for this reason. */
export function refusalCodeOf({ reason }: Reason): RefusalCode {
  const [, row] = found(reason);
  return typeof row === "string" ? "invalid" : row[1];
}

/** The sentence for people; it repeats nothing that a caller sent. */
export function sentenceOf(why: Reason): string {
  const [, row] = found(why.reason);
  const parts = why as unknown as Readonly<Record<string, string>>;
  const sentence = (typeof row === "string" ? row : row[0]).replace(/<(\w+)>/g, (_, name) => parts[name]!);
  return why.of === undefined ? sentence : `${PARTS[why.of]} ${sentence}`;
}

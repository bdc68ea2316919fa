// Secrets in what was pasted are cut out of it before anything else reads it.

/** Whether what has this name is a secret. */
export const isSecretName = (name: string): boolean => /secret/i.test(name);

/** A Cloudinary URL: the key and the cloud may be told, what stands between them may not. */
const CLOUDINARY_URL = /cloudinary:\/\/([^\s:@/"'`<>]{0,100}):([^\s@"'`<>]{0,200})(?:@([\w-]{0,100}))?/gi;

/** The name of a secret, but no key of a context; what may stand between it and its value, and the value; or one of a multipart body. */
const NAMED =
  /(?:(?:api|cloudinary|cld)[_ -]?|(?<![=|&\w-])|^(?:export )?\w{0,60})secret(?:[_ -]?key)?(\\?["'`]|&quot;|&#39;)?\]?(?:\s{0,9}(?:=>|[:=,])\s{0,9}|(?:\r|\n|\\r|\\n){2,4})(\\?["'`]|&quot;|&#39;|\$'|%22)?([^\s"'`&,;<>\\})\]]{1,300})/gim;

/** Shorter ones, and numbers, may stand elsewhere in the text as something else. */
const isTelling = (secret: string): boolean => secret.length >= 8 && !/^\d+$/.test(secret);

/** What reads a secret from somewhere is none; it begins like this. */
const SOURCES = [
  "process.",
  "import.meta",
  "env",
  "os.",
  "ENV",
  "Deno.",
  "config",
  "this.",
  "cloudinary.",
  "getenv",
  "$",
];

const isCode = (value: string): boolean =>
  SOURCES.some((source) => value.startsWith(source)) && /[.($[{]/.test(value);

export interface Hidden {
  readonly text: string;
  readonly account?: { readonly apiKey: string; readonly cloudName?: string };
}

/** The text without the secrets that it names, wherever they stand in it; and whose they are. */
export function withoutSecrets(text: string): Hidden {
  const secrets = new Set<string>();
  let account: Hidden["account"];
  const cut = text
    .replace(CLOUDINARY_URL, (_, apiKey: string, secret: string, cloudName?: string) => {
      secrets.add(secret);
      account ??= { apiKey, ...(cloudName !== undefined && { cloudName }) };
      return " ";
    })
    .replace(NAMED, (all: string, _quote, _open, value: string) => {
      if (isCode(value)) return all;
      secrets.add(value);
      return all.slice(0, -value.length);
    });
  let plain = cut;
  // A person has one or two; a text of thousands is made to keep a reader busy.
  for (const secret of [...secrets].filter(isTelling).slice(0, MAX_SECRETS))
    plain = plain.replaceAll(secret, "");
  return { text: plain, ...(account && { account }) };
}

const MAX_SECRETS = 20;

// What Cloudinary and others say that is not of a signature: most of it says the cause itself.

import { isMisspelt, snakeCase } from "./cloudinary-names.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** What a key can't be, in words. */
function keyDoubt(key: string | undefined): string | undefined {
  if (key === undefined || /^\d+$/.test(key)) return undefined;
  if (/^(undefined|null|\[object.*)$/.test(key)) return "a variable without a value was sent in its place";
  if (/["'\s]/.test(key)) return "it holds quotes or white space";
  return "it is made of digits alone, and this one is not: is it the cloud name or the secret?";
}

/** A field under another name than the one that is missed. */
const spelledOtherwise = (name: string, { evidence }: Facts): string | undefined =>
  evidence.sent?.fields
    .map(([sent]) => sent)
    .find((sent) => sent !== name && snakeCase(sent) === snakeCase(name));

/**
 * What uploads need. Whose request lacks something else has perhaps gone to another method; so has one that is known to be
 * sent elsewhere than it was meant.
 */
const OF_UPLOADS: readonly string[] = ["file", "api_key", "timestamp", "signature"];

function missing(names: readonly string[], facts: Facts): Finding[] {
  const others = names.flatMap((name): Finding[] => {
    const other = spelledOtherwise(name, facts);
    return other === undefined
      ? []
      : [{ code: "camel_case_name", certainty: "certain", fields: [other], detail: name }];
  });
  const { sent, signed } = facts.evidence;
  const isElsewhere = signed?.url !== undefined && sent?.url !== undefined && signed.url !== sent.url;
  const isOfUploads = names.every((name) => OF_UPLOADS.includes(name));
  const certainty = isOfUploads && !isElsewhere ? "certain" : "likely";
  return [...others, { code: "missing_parameter", certainty, fields: names }];
}

/** A signature that came empty, or as a word that is none. */
function unsigned({ evidence }: Facts): Finding[] {
  const names = evidence.sent?.fields.map(([name]) => name).filter((name) => isMisspelt(name)) ?? [];
  return [
    ...names.map(
      (name): Finding => ({
        code: "camel_case_name",
        certainty: "likely",
        fields: [name],
        detail: snakeCase(name),
      }),
    ),
    { code: "unsigned_request", certainty: "certain" },
  ];
}

export function findInAnswer(facts: Facts): Finding[] {
  const { answer, secretNames } = facts;
  const isLeaked = secretNames.length > 0 || answer?.said === "secret sent";
  const fields = secretNames.length > 0 ? secretNames : ["api_secret"];
  const leaked: Finding[] = isLeaked ? [{ code: "secret_sent", certainty: "certain", fields }] : [];
  const found = (): Finding[] => {
    switch (answer?.said) {
      case "missing":
        return missing(answer.names, facts);
      case "unsigned":
        return unsigned(facts);
      case "unknown preset":
        return [{ code: "unknown_preset", certainty: "certain" }];
      case "wrong cloud":
        return [{ code: "wrong_cloud", certainty: "certain" }];
      case "unknown key": {
        const detail = keyDoubt(answer.key);
        return [{ code: "unknown_key", certainty: "certain", ...(detail !== undefined && { detail }) }];
      }
      case "file":
        return [
          {
            code: /^error in loading/i.test(answer.words) ? "file_not_loaded" : "file_refused",
            ...{ certainty: "certain", detail: answer.words },
          },
        ];
      case "signer":
        return [
          { code: "signer_refused", certainty: "certain", detail: `\`${answer.code}\`: ${answer.detail}` },
        ];
      case "something else":
        return [{ code: "other_refusal", certainty: "likely", detail: answer.words }];
      case "cors header":
        return [{ code: "cors_header", certainty: "certain" }];
      case "cors":
        return [{ code: "cors", certainty: "likely" }];
      default:
        return [];
    }
  };
  return [...leaked, ...found()];
}

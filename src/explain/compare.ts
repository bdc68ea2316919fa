// The fields of both sides, one by one.

import { UNSIGNED_NAMES } from "../policy/tables/parameters.ts";
import { isKnownName, snakeCase } from "./cloudinary-names.ts";
import type { ComparedField } from "./explanation.ts";
import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { plainName, repeatedNames } from "./pairs-of.ts";
import { differenceOf, isNotAValue } from "./value-differences.ts";

type Verdict = ComparedField["verdict"];

function verdictOf(name: string, signed: string | undefined, sent: string | undefined): Verdict {
  if (UNSIGNED_NAMES.has(name)) return "never signed";
  if (signed === undefined) return "only sent";
  if (sent === undefined) return "only signed";
  return signed === sent ? "same" : "different";
}

/** Every field that one of the sides has; none where only one side is known. */
export function compareFields({ signed, received, isCopy, isTold }: Facts): ComparedField[] {
  // A form against itself is no comparison.
  if (signed === undefined || received === undefined || (isCopy && !isTold)) return [];
  const names = [...new Set([...signed.pairs.keys(), ...received.pairs.keys()])].sort();
  return names
    .filter((name) => !(isCopy && UNSIGNED_NAMES.has(name)))
    .map((name) => {
      const [one, other] = [signed.pairs.get(name), received.pairs.get(name)];
      // Where the parameters were given to an SDK, it left out what is empty.
      const own = one === "" && !signed.isText ? undefined : one;
      const theirs = other === "" ? undefined : other;
      return {
        name,
        ...(own !== undefined && { signed: own }),
        ...(theirs !== undefined && { sent: theirs }),
        verdict: verdictOf(name, own, theirs),
      };
    })
    .filter(({ signed: own, sent }) => own !== undefined || sent !== undefined);
}

const certain = (code: Finding["code"], name: string, of: Partial<Finding> = {}): Finding => ({
  code,
  certainty: "certain",
  fields: [name],
  ...of,
});

/** Of a field that was sent and not signed. */
export function sentAlone(name: string, value: string): Finding["code"] {
  if (isNotAValue(value)) return "not_a_value";
  if (name === "source" && value === "uw") return "source_not_signed";
  if (name === "upload_preset") return "preset_not_signed";
  return isKnownName(name) ? "sent_not_signed" : "unknown_field";
}

function signedAlone(name: string, value: string, others: ReadonlyMap<string, string>): Finding {
  const known = snakeCase(name);
  if (isNotAValue(value)) return certain("not_a_value", name, { detail: value });
  if (value === "") return certain("empty_value_signed", name);
  if (plainName(name) !== name && others.has(plainName(name)))
    return certain("list_joining", plainName(name));
  if (known !== name && others.has(known)) return certain("camel_case_name", name, { detail: known });
  return certain("signed_not_sent", name);
}

/** Fields that were sent and not signed, by their values; those under another spelling of a signed name are none. */
function sentOnly(all: readonly ComparedField[]): Map<string, string> {
  return new Map(
    all.flatMap(({ name, sent, verdict }) => (verdict === "only sent" ? [[name, sent!] as const] : [])),
  );
}

/** Whether one of the names is another spelling of this one, which is Cloudinary's. */
const isMisspeltIn = (names: Iterable<string>, known: string): boolean =>
  [...names].some((name) => name !== known && snakeCase(name) === known);

function findingsOf(
  { name, signed, sent, verdict }: ComparedField,
  all: readonly ComparedField[],
): Finding[] {
  switch (verdict) {
    case "same":
      return [];
    case "never signed":
      return signed === undefined ? [] : [certain("unsigned_name_signed", name)];
    case "different": {
      const detail = [signed!, sent!].find(isNotAValue);
      return [
        certain(differenceOf(name, signed!, sent!), name, {
          signed: signed!,
          sent: sent!,
          ...(detail && { detail }),
        }),
      ];
    }
    case "only signed": {
      const others = sentOnly(all);
      return isMisspeltIn(others.keys(), name) ? [] : [signedAlone(name, signed!, others)];
    }
    case "only sent": {
      const others = all.flatMap((other) => (other.verdict === "only signed" ? [other.name] : []));
      if (others.some((other) => [snakeCase(other), plainName(other)].includes(name))) return [];
      const known = snakeCase(name);
      if (known !== name && others.includes(known))
        return [certain("camel_case_name", name, { detail: known })];
      return [certain(sentAlone(name, sent!), name, { detail: sent! })];
    }
  }
}

/** What was signed and what was sent, where both are known; and fields that were sent twice. */
export function findDifferences(facts: Facts): Finding[] {
  const twice = repeatedNames(facts.evidence.sent?.fields ?? []);
  const compared = compareFields(facts);
  return [
    ...twice.map((name) => certain("sent_twice", name)),
    ...compared.filter(({ name }) => !twice.includes(name)).flatMap((field) => findingsOf(field, compared)),
  ];
}

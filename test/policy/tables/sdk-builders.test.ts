// Every parameter of every method beside upload against the official SDK: what it builds, sends and signs for the method is
// what a profile's ticket holds, name by name and text by text. The SDK's request is its own (test/support/sdk-request.ts).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileProfile } from "../../../src/policy/compile/compile.ts";
import { fillFor } from "../../../src/policy/decide/fill.ts";
import { ticketParams } from "../../../src/policy/decide/ticket-params.ts";
import type { LimitsInput } from "../../../src/policy/tables/limits.ts";
import type { Parameter } from "../../../src/policy/tables/parameters.ts";
import {
  METHOD_NAMES,
  METHOD_ROWS,
  type MethodName,
  SIGNED_METHODS,
} from "../../../src/policy/tables/signed-methods.ts";
import { signParams } from "../../../src/signature/sign.ts";
import { API_KEY, API_SECRET, CLOUD_NAME } from "../../support/account.ts";
import { cases } from "../../support/counts.ts";
import { sdkSignature } from "../../support/sdk.ts";
import { type Sent, sdkRequest, uploader } from "../../support/sdk-request.ts";

/** One value: as a profile sets it, as a client sends it, and as the SDK's user writes it. */
interface Value {
  readonly set: unknown;
  readonly sent: unknown;
  readonly sdk: unknown;
  /** What the SDK calls the option, where that is not the parameter's name. */
  readonly option?: string;
}
type Values = fc.Arbitrary<Value>;

const same = (values: fc.Arbitrary<unknown>): Values =>
  values.map((value) => ({ set: value, sent: value, sdk: value }));
const WORD = fc.stringMatching(/^[a-z0-9]([a-z0-9 _.é-]{0,6}[a-z0-9])?$/);
/** What people write into captions. */
const CAPTION = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9 =|&,.:"é-]{0,12}[a-z0-9])?$/);
const several = <T>(items: fc.Arbitrary<T>) => fc.array(items, { minLength: 1, maxLength: 4 });

/** `users/{sub}/x` of a profile is `users/42/x` for everybody else. */
const own = (template: string, end: fc.Arbitrary<string>, after = ""): Values =>
  end.map((text) => {
    const filled = `${template.replace("{sub}", "42")}${text}${after}`;
    return { set: `${template}${text}${after}`, sent: filled, sdk: filled };
  });
const PATH = own("users/{sub}/", WORD);
const FOLDER = own("users/{sub}/", WORD, "/");
const TAG = own("u-{sub}-", fc.stringMatching(/^[a-z0-9]{1,6}$/));

/** A list of them, written as a list. */
const listOf = (items: Values): Values =>
  several(items).map((all) => ({
    set: all.map(({ set }) => set),
    sent: all.map(({ sent }) => sent),
    sdk: all.map(({ sdk }) => sdk),
  }));
/** The same, or one text with commas. */
const csvOf = (items: Values): Values =>
  fc.tuple(listOf(items), fc.boolean(), fc.boolean()).map(([{ set, sent, sdk }, ours, theirs]) => {
    const join = (list: unknown, asText: boolean) => (asText ? (list as string[]).join(",") : list);
    return { set: join(set, ours), sent: join(sent, ours), sdk: join(sdk, theirs) };
  });
/** The SDK wants it as one text. */
const joined = (items: Values): Values =>
  listOf(items).map((value) => ({ ...value, sdk: (value.sdk as string[]).join(",") }));

const KEYS = ["alt", "caption", "size"];
const pairsOf = (values: fc.Arbitrary<unknown>): Values =>
  same(fc.dictionary(fc.constantFrom(...KEYS), values, { minKeys: 1, noNullPrototype: true }));
const CONTEXT = pairsOf(fc.oneof(CAPTION, fc.integer()));
const METADATA = pairsOf(
  fc.oneof(CAPTION, fc.integer(), several(fc.stringMatching(/^[a-z0-9]{1,3}([=|&][a-z0-9])?$/))),
);
const TRANSFORMATION = fc.constantFrom("c_fill,w_200", "w_1/e_sepia", "c_fit,h_9/f_webp", "t_named");
const JSON_VALUE = fc.record({ access_type: fc.constantFrom("token", "anonymous"), min_width: fc.nat(999) });
const BOX = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99));
const asJson = (values: fc.Arbitrary<unknown>, wrap = (value: unknown) => value): Values =>
  values.map((value) => ({ set: value, sent: JSON.stringify(wrap(value)), sdk: value }));

/** Values by the kind of a parameter, from what Cloudinary documents of each. */
const BY_KIND: Readonly<Record<string, Values>> = {
  string: same(WORD),
  path: PATH,
  integer: same(fc.nat(4_000_000_000)),
  float: same(fc.constantFrom(0.5, 0.25, 1, 0)),
  boolean: same(fc.boolean()),
  "boolean|json": fc.oneof(
    same(fc.boolean()),
    asJson(fc.record({ translate: several(fc.constantFrom("fr", "es")) })),
  ),
  csv: csvOf(TAG),
  paths: csvOf(PATH),
  folders: csvOf(FOLDER),
  "pipe-context": CONTEXT,
  "pipe-metadata": METADATA,
  "double-array": several(BOX).map((boxes) => {
    const text = boxes.map((box) => box.join(",")).join("|");
    return { set: text, sent: text, sdk: boxes };
  }),
  // The SDK takes a text for the name of a transformation, and has another option for one that is written out.
  transformation: TRANSFORMATION.map((text) => ({
    ...{ set: text, sent: text },
    ...{ sdk: text, option: "raw_transformation" },
  })),
  "transformation-list": several(TRANSFORMATION).map((list) => ({
    set: list,
    sent: list.join("|"),
    sdk: list,
  })),
  json: asJson(fc.dictionary(fc.constantFrom("a", "b"), several(BOX), { noNullPrototype: true, minKeys: 1 })),
  "json-array": fc.oneof(
    asJson(several(JSON_VALUE)),
    asJson(JSON_VALUE, (value) => [value]),
  ),
  "newline-list": WORD.chain((word) => {
    const line = `X-Robots-Tag: ${word}`;
    return fc.constantFrom(line, [line]).map((written) => ({ set: written, sent: line, sdk: written }));
  }),
};

const one = (...texts: string[]): Values => same(fc.constantFrom(...texts));
/** Where a name says more than its kind. */
const BY_NAME: Readonly<Partial<Record<MethodName, Record<string, Values>>>> = {
  destroy: { type: one("upload", "private", "authenticated") },
  // `set_exclusive` is in the SDK too, which never sends it: its `add_tag` looks for the option `exclusive` in vain.
  tags: { command: one("add", "remove", "remove_all", "replace"), tag: joined(TAG) },
  context: { command: one("add", "remove_all") },
  generate_archive: { mode: one("create", "download"), target_format: one("zip", "tgz") },
};
const TYPE = one("upload", "private");
const NO_NAMES_KNOWN: typeof BY_KIND = { ...BY_KIND, csv: csvOf(same(WORD)) };

const kindOf = (method: MethodName, name: string): string =>
  (METHOD_ROWS[method] as Readonly<Record<string, readonly [string, ...unknown[]]>>)[name]![0];

function valuesOf(method: MethodName, name: string, { names }: Parameter): Values {
  const known = BY_NAME[method]?.[name] ?? (name === "type" ? TYPE : undefined);
  return known ?? (names === undefined ? NO_NAMES_KNOWN : BY_KIND)[kindOf(method, name)]!;
}

/** The limits by which a profile leaves the value to a client. */
function limitsFor({ client, names, kind }: Parameter, sent: unknown): LimitsInput {
  if (client === "enum") return { enum: [sent as string] };
  if (kind.hasKeys) return { keys: KEYS };
  return names === undefined ? {} : { prefix: names === "path" ? "users/{sub}/" : "u-{sub}-" };
}

/** The SDK's call for each method. */
const CALLS: Readonly<Record<string, (options: Record<string, unknown>) => unknown>> = {
  destroy: ({ public_id, ...more }) => uploader.destroy!(public_id, more),
  rename: ({ from_public_id, to_public_id, ...more }) => uploader.rename!(from_public_id, to_public_id, more),
  explicit: ({ public_id, ...more }) => uploader.explicit!(public_id, more),
  tags: ({ command, tag, public_ids, ...more }) => {
    if (command === "remove_all") return uploader.remove_all_tags!(public_ids, more);
    return uploader[`${command}_tag`]!(tag, public_ids, more);
  },
  context: ({ command, context, public_ids, ...more }) =>
    command === "add"
      ? uploader.add_context!(context, public_ids, more)
      : uploader.remove_all_context!(public_ids, more),
  metadata: ({ metadata, public_ids, ...more }) => uploader.update_metadata!(metadata, public_ids, more),
  generate_archive: (options) => uploader.create_archive!(options),
};

/** What the SDK does not send with this command, whatever its caller writes. */
const UNUSED: Readonly<Record<string, string>> = { tags: "tag", context: "context" };

interface Case {
  readonly value: Value;
  readonly isAccepted: boolean;
}
type Input = Readonly<Record<string, Case>>;

function inputsOf(method: MethodName): fc.Arbitrary<Input> {
  const { parameters, needs } = SIGNED_METHODS.get(method)!;
  const all = Object.fromEntries(
    [...parameters]
      .filter(([name]) => name !== "timestamp")
      .map(([name, row]) => [
        name,
        fc.record({
          value: valuesOf(method, name, row),
          isAccepted: row.client === "never" ? fc.constant(false) : fc.boolean(),
        }),
      ]),
  );
  const inputs = needs.map((requiredKeys) => fc.record(all, { requiredKeys: [...requiredKeys] }));
  return fc.oneof(...(inputs as fc.Arbitrary<Input>[])).map((input) => {
    const { [UNUSED[method] ?? ""]: _, ...used } = input;
    return input.command?.value.sent === "remove_all" ? used : input;
  });
}

const METHODS = new Map([["members", { anonymous: false, claims: new Set(["sub"]), identity: "m" }]]);
const CALLER = { access: "members", claims: { sub: "42" } };

/** The ticket's parameters: some set by the profile, some accepted from a client. */
async function ours(method: MethodName, input: Input, now: number) {
  const { parameters } = SIGNED_METHODS.get(method)!;
  const entries = Object.entries(input);
  const accepted = entries.filter(([, { isAccepted }]) => isAccepted);
  const written = {
    ...{ method, access: ["members"], resourceType: "image" as const },
    set: Object.fromEntries(
      entries.filter(([, { isAccepted }]) => !isAccepted).map(([name, { value }]) => [name, value.set]),
    ),
    accept: Object.fromEntries(
      accepted.map(([name, { value }]) => [name, limitsFor(parameters.get(name)!, value.sent)]),
    ),
  };
  const profile = compileProfile("p", written, METHODS);
  if (!profile.ok) throw new Error(JSON.stringify([written, profile.error]));
  const fill = await fillFor(profile.value, CALLER, now, "00000000-0000-4000-8000-000000000000");
  if (!fill.ok) throw new Error(JSON.stringify(fill.error));
  const sent = Object.fromEntries(accepted.map(([name, { value }]) => [name, value.sent]));
  const params = ticketParams(profile.value, sent, fill.value);
  if (!params.ok) throw new Error(JSON.stringify([written, sent, params.error]));
  return params.value;
}

/** What the SDK sent, lists joined as they are signed. */
function joinedFields({ fields }: Sent): Record<string, string> {
  const texts = new Map<string, string[]>();
  for (const [name, text] of fields) {
    const plain = name.replace(/\[\]$/, "");
    texts.set(plain, [...(texts.get(plain) ?? []), text]);
  }
  return Object.fromEntries([...texts].map(([name, all]) => [name, all.join(",")]));
}

/** The SDK writes 1 and 0 where its builder makes them, and true and false where it hands them on; we write the latter. */
const BOOLEANS: Readonly<Record<string, string>> = { "1": "true", "0": "false" };
const isBoolean = (method: MethodName, name: string) =>
  name !== "timestamp" && kindOf(method, name).startsWith("boolean");

describe.each(METHOD_NAMES.filter((name) => name !== "upload"))("%s", (method) => {
  it(`is sent and signed by the SDK as by a ticket, name by name`, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(inputsOf(method), async (input) => {
        const options = Object.fromEntries(
          Object.entries(input).map(([name, { value }]) => [value.option ?? name, value.sdk]),
        );
        const sent = await sdkRequest((account) => CALLS[method]!({ ...options, ...account }));
        const { api_key, signature, ...theirs } = joinedFields(sent);
        expect([sent.path, api_key]).toEqual([`/v1_1/${CLOUD_NAME}/image/${method}`, API_KEY]);

        const params = await ours(method, input, Number(theirs.timestamp));
        const meant = Object.entries(theirs).map(([name, text]) => [
          name,
          isBoolean(method, name) ? (BOOLEANS[text] ?? text) : text,
        ]);
        expect(params).toEqual(Object.fromEntries(meant));
        const signed = await signParams(params, API_SECRET, { algorithm: "sha256" });
        expect(signed).toBe(sdkSignature(params, API_SECRET, "sha256"));
        // The SDK's spelling of booleans is all that its own signature differs by.
        const respelled = { ...params, ...theirs };
        expect(await signParams(respelled, API_SECRET, { algorithm: "sha256" })).toBe(signature);
        for (const [name, { isAccepted }] of Object.entries(input))
          seen.add(`${name} ${isAccepted ? "accepted" : "set"}`);
      }),
      { numRuns: cases(60, 20_000), seed: 15 },
    );
    const wanted = [...SIGNED_METHODS.get(method)!.parameters].filter(([name]) => name !== "timestamp");
    const ways = wanted.flatMap(([name, { client }]) => [
      `${name} set`,
      ...(client === "never" ? [] : [`${name} accepted`]),
    ]);
    expect([...seen].sort()).toEqual(ways.sort());
  }, 600_000);
});

// One weakened rule each: the text that stands for it in `src`, and what it is replaced by. Each text is found
// exactly once in its file, or mutations.test.ts fails.

/** A rule of SIGNATURES by its number, or what else a reviewer would ask for. */
export interface Mutation {
  readonly rule: string;
  /** Below `src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

type Row = readonly [file: string, find: string, replace: string];

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  R1: [
    [
      "policy/compile.ts",
      "return parameter\n    ? ok(parameter)",
      'return true\n    ? ok(parameter ?? { kind: "string", client: "limits", templated: false })',
    ],
    ["policy/compile.ts", "if (UNSIGNED_NAMES.has(name)) return err(", "if (false) return err("],
    ["policy/compile.ts", "if (set.size === 0 && complaints.length === 0", "if (false && set.size === 0"],
    [
      "policy/ticket.ts",
      "else refusals.push(refuseName(profile, name));",
      "else params.set(name, String(raw));",
    ],
    [
      "policy/drop-in.ts",
      'if (set === undefined && accept === undefined && name !== "timestamp") return refuseName(profile, name);',
      'if (set === undefined && accept === undefined && name !== "timestamp") return undefined;',
    ],
  ],
  R2: [
    ["policy/ticket.ts", "return now - SIGNATURE_LIFE + profile.ttl;", "return now + profile.ttl;"],
    ["policy/ticket.ts", "return now - SIGNATURE_LIFE + profile.ttl;", "return now;"],
    ["policy/drop-in.ts", "seconds < now - MAX_PAST ||", "false ||"],
    ["policy/drop-in.ts", "|| seconds > now + MAX_FUTURE", "|| false"],
    ["policy/drop-in.ts", "if (seconds >= MILLISECONDS)", "if (false)"],
    ["policy/drop-in.ts", "/^(0|[1-9]\\d{0,14})$/.test(text)", "/^\\d{1,15}$/.test(text)"],
    ["policy/drop-in.ts", "!NUMBERS.has(kind) || valueText(raw) === text", "true"],
    ["policy/compile.ts", 'if (name === "timestamp") return err(', "if (false) return err("],
    ["policy/compile.ts", "|| ttl > SIGNATURE_LIFE)", ")"],
  ],
  R3: [
    ["policy/selectors.ts", ".every(isOwn))", ".some(isOwn))"],
    ["policy/selectors.ts", "if (selectors.some((name) => isScoped(name, signable))) continue;", "continue;"],
    ["policy/selectors.ts", "&& !(anonymous && chosen !== undefined)", ""],
    ["policy/selectors.ts", "allow.includes(optIn) &&", ""],
    ["policy/selectors.ts", "claimsOf(template).some(({ claim }) => PERSONAL.has(claim))", "true"],
    [
      "policy/selectors.ts",
      "if (chosen !== undefined && !isOwn(chosen.limits.prefix ?? [])) return false;",
      "",
    ],
    ["policy/selectors.ts", "if (!OPT_INS.includes(optIn))", "if (false)"],
    ["policy/methods.ts", 'selectors: ["tags"],', 'selectors: ["tag"],'],
    ["policy/methods.ts", 'selectors: ["eval"],', 'selectors: ["script"],'],
    [
      "policy/methods.ts",
      'selectors: ["manifest_transformation"],',
      'selectors: ["manifest_transformation", "urls"],',
    ],
    [
      "policy/methods.ts",
      '{ method: "destroy", selectors: ["public_id"]',
      '{ method: "destroy", selectors: ["asset_id"]',
    ],
    ["policy/compile.ts", 'if (accept.has("public_id") && folder !== undefined) {', "if (false) {"],
    ["policy/limits.ts", "if (!item.startsWith(prefix))", "if (false)"],
    ["policy/limits.ts", "if (!item.startsWith(prefix))", "if (!item.includes(prefix))"],
  ],
  R4: [
    ["policy/compile.ts", '= { public_id: "{uuid}", overwrite: false };', '= { public_id: "{uuid}" };'],
    ["policy/compile.ts", '= { public_id: "{uuid}", overwrite: false };', "= { overwrite: false };"],
    ["policy/template.ts", 'case "uuid":\n      return fill.uuid;', 'case "uuid":\n      return fill.way;'],
  ],
  R5: [
    ["policy/compile.ts", 'if (parameter.client === "never")', "if (false)"],
    ["policy/parameters.ts", 'overwrite: ["boolean", "never"]', 'overwrite: ["boolean", "limits"]'],
    ["policy/parameters.ts", '  type: ["string", "never"]', '  type: ["string", "limits"]'],
    ["policy/drop-in.ts", "return same ? undefined : refusal(", "return true ? undefined : refusal("],
  ],
  R6: [
    ["policy/limits.ts", 'if (parameter.client === "enum" && input.enum === undefined)', "if (false)"],
    [
      "policy/limits.ts",
      '(parameter.client === "limits" && known[parameter.kind]) || ["enum"]',
      'known[parameter.kind] || ["enum", "prefix", "charset", "maxLength"]',
    ],
    ["policy/limits.ts", "if (limits.enum !== undefined && !limits.enum.has(item))", "if (false)"],
    [
      "policy/parameters.ts",
      '  eager: ["transformation-list", "enum"]',
      '  eager: ["transformation-list", "limits"]',
    ],
  ],
  R7: [
    [
      "policy/file-name.ts",
      'if (isTrue(set, "use_filename") && !isTrue(set, "unique_filename") && !isKept)',
      "if (false)",
    ],
    ["policy/file-name.ts", '!isTrue(set, "unique_filename") && !isKept', "!isKept"],
    ["policy/file-name.ts", 'isTrue(set, "use_filename") && !isTrue(set, "unique_filename") && !set', "!set"],
    ["policy/file-name.ts", '&& !isTrue(set, "unique_filename") && !set.has("public_id")', ""],
    ["policy/file-name.ts", '"unique_filename") && !set.has("public_id");', '"unique_filename");'],
    ["policy/file-name.ts", "PREFIXES.some((name) => set.has(name)) ? []", "false ? []"],
    ["policy/file-name.ts", '[...folder.template, "/"]', "folder.template"],
    ["policy/namespaces.ts", "if (isNamedByFile(profile.set)) templates", "if (false) templates"],
    ["policy/namespaces.ts", "if (!byFile.isByFile) return false;", "return false;"],
    ["policy/namespaces.ts", "return byFile.access !== fixed.access", "return false"],
    ["policy/namespaces.ts", "return byFile.access !== fixed.access", "return true"],
    ["policy/namespaces.ts", 'return fixed.at.endsWith(".public_id") && ', "return "],
    ["policy/namespaces.ts", '.endsWith(".public_id") && !holds(fixed, "random")', '.endsWith(".public_id")'],
  ],
  R8: [
    ["policy/file-name.ts", 'if (!set.has("upload_preset")) return complaints;', "return complaints;"],
    [
      "policy/file-name.ts",
      '["overwrite", "type", "use_filename"].filter',
      '["overwrite", "use_filename"].filter',
    ],
    ["policy/file-name.ts", "if (!named) missing.unshift(", "if (false) missing.unshift("],
  ],
  R9: [
    ["policy/text.ts", "if (text.length > MAX_TEXT_LENGTH) return err(", "if (false) return err("],
    ["policy/text.ts", "if (!text.isWellFormed()) return err(", "if (false) return err("],
    ["policy/text.ts", "if (CONTROL.test(text)) return err(", "if (false) return err("],
    ["policy/text.ts", 'if (text.includes("%26")) return err(', "if (false) return err("],
    ["policy/text.ts", 'if (!rules.ampersand && text.includes("&"))', "if (false)"],
    ["policy/text.ts", 'if (segment === "." || segment === "..") return err(', "if (false) return err("],
    ["policy/text.ts", 'if (segment === "") return err(', "if (false) return err("],
    ["policy/text.ts", "if (/[?#\\\\%<>+]/.test(text))", "if (false)"],
    ["policy/template.ts", "if (/%2?$/.test(part) && i + 1 < pieces.length)", "if (false)"],
    [
      "policy/value.ts",
      'return typeof raw === "string" ? ok(one(raw))',
      "return true ? ok(one(String(raw)))",
    ],
    ["policy/value.ts", 'if (items.some((item) => item.includes(",")))', "if (false)"],
    ["policy/value.ts", 'if (items.includes("")) return err(', "if (false) return err("],
    ["policy/value.ts", 'text.replace(/[=|]/g, "\\\\$&")', "text"],
    ["policy/value.ts", 'if (text.includes("\\\\")) return err(', "if (false) return err("],
    ["policy/value.ts", "if (/[=|\\\\]/.test(key)) return err(", "if (false) return err("],
    ["policy/value.ts", "if (new Set(keys).size !== keys.length) return err(", "if (false) return err("],
    ["policy/value.ts", "if (lists && /^[\\s\\p{Z}\\p{Cf}]*\\[/u.test(text))", "if (false)"],
    ["policy/value.ts", "/^[\\s\\p{Z}\\p{Cf}]*\\[/u.test(text)", 'text.startsWith("[")'],
    ["policy/value.ts", 'if (texts.some((text) => /[",]/.test(text))) return err(', "if (false) return err("],
    ["policy/value.ts", "if (box.length !== 4) return err(wanted);", ""],
    [
      "policy/value.ts",
      'return author === "profile" ? readStructure(kind, raw) : readString(raw);',
      "return readStructure(kind, raw);",
    ],
    ["policy/limits.ts", "if (foreign !== undefined) return", "if (false) return"],
    ["policy/limits.ts", "if (value.count > limits.maxItems) return", "if (false) return"],
    ["policy/limits.ts", "if (item.length > limits.maxLength) return", "if (false) return"],
    ["policy/limits.ts", "if (number < limits.min) return", "if (false) return"],
    ["policy/limits.ts", "if (number > limits.max) return", "if (false) return"],
    ["policy/limits.ts", "limits.charset !== undefined && !withinCharset(", "false && !withinCharset("],
    ["policy/limits.ts", "input.maxLength ?? DEFAULT_MAX_LENGTH", "input.maxLength ?? MAX_TEXT_LENGTH"],
    ["policy/limits.ts", "input.maxItems ?? DEFAULT_MAX_ITEMS", "input.maxItems ?? Infinity"],
    ["signature/string-to-sign.ts", '.replaceAll("&", "%26")', ""],
  ],
  R10: [
    [
      "policy/caller.ts",
      'if (claim === "email" && claims.email_verified !== true)',
      'if (claim === "email" && !claims.email_verified)',
    ],
    ["policy/caller.ts", "PLAIN_CLAIM.test(value) ? value : undefined", "value"],
    [
      "policy/caller.ts",
      "PLAIN_CLAIM.test(value) ? value : undefined",
      'value.replace(/[^A-Za-z0-9_-]/g, "").slice(0, 64)',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    ["policy/caller.ts", "`${way}\\0${value}`", "value"],
    ["policy/caller.ts", ".slice(0, HASH_DIGITS)", ".slice(0, 8)"],
    ["policy/caller.ts", "value.length > MAX_CLAIM || ", ""],
    ["policy/caller.ts", "|| !value.isWellFormed()", ""],
    ["policy/caller.ts", "if (!hash && separators.some(", "if (false && separators.some("],
    ["policy/compile.ts", "if (without === undefined) continue;", "continue;"],
    ["policy/template.ts", 'if (kind === "string" && !bounded) {', "if (false) {"],
    ["policy/template.ts", 'if (after === undefined && use === "prefix")', "if (false)"],
    ["policy/template.ts", 'if (typeof after === "object" || typeof before === "object") {', "if (false) {"],
    [
      "policy/template.ts",
      "return parameter.templated ? parseTemplate(unescaped) : ok([text]);",
      "return parseTemplate(unescaped);",
    ],
    ["policy/parameters.ts", '  eval: ["string", "never"]', '  eval: ["string", "never", "templated"]'],
    ["access/jwt.ts", 'new Set(["user_metadata", "unsafe_metadata"])', "new Set<string>()"],
  ],
  R11: [
    ["policy/compile.ts", "if (identities.size > 1 && !namesWay(template) && ", "if (false && "],
    ["policy/namespaces.ts", "(before) => matters(before, one) && canMeet(before, one)", "() => false"],
    ["policy/namespaces.ts", "isReaching ? all : reaching", "reaching"],
    ["policy/namespaces.ts", "if (isReaching) reaching.push(one)", ""],
    ["policy/namespaces.ts", 'if (holds(one, "claim") || holds(other, "claim")) return true', ""],
    [
      "policy/namespaces.ts",
      "if (one.identity !== other.identity || !isBounded) return",
      "if (!isBounded) return",
    ],
    [
      "policy/namespaces.ts",
      "if (one.identity !== other.identity || !isBounded) return",
      "if (one.identity !== other.identity) return",
    ],
    ["policy/namespaces.ts", 'return other.pieces.at(-1) === b ? "part" : "meet";', 'return "part";'],
    [
      "policy/namespaces.ts",
      'place.kind === "random" ? "part" : "meet";',
      'place.kind !== "claim" ? "part" : "meet";',
    ],
    [
      "policy/compile.ts",
      '.filter(([place, separator]) => place === "way" && ',
      ".filter(([place, separator]) => false && ",
    ],
  ],
  R12: [
    ["policy/compile.ts", 'if (accepted.parameter.kind !== "pipe-context") {', "if (false) {"],
    ["policy/compile.ts", "if (sharesKey(fixed, accepted))", "if (false)"],
    ["policy/limits.ts", 'key.normalize("NFKC").toLowerCase()', "key"],
    ["policy/limits.ts", 'key.normalize("NFKC").toLowerCase()', "key.toLowerCase()"],
  ],
  R13: [
    ["access/admit.ts", "if (links.length + distinct.size > 1) {", "if (false) {"],
    [
      "access/admit.ts",
      'if (first === undefined) return ok({ kind: "nothing" });',
      'if (first === undefined || profile.access.includes("public")) return ok({ kind: "nothing" });',
    ],
    ["access/admit.ts", "ways[fits.indexOf(Math.max(...fits))]!", "ways[0]!"],
    ["access/jwt-tokens.ts", "if (iss !== way.issuer) return 1;", ""],
    [
      "access/jwt-tokens.ts",
      "return isAudience(aud, way.audience) && isParty(azp, way.authorizedParties) ? 3 : 2;",
      "return 3;",
    ],
    ["access/jwt-tokens.ts", "checkType(head);", ""],
    ["access/token.ts", "if ((await subjectOf(value)) !== undefined) return 3;", ""],
    ["access/token.ts", "if (subject !== undefined) return ok(", "if (true) return ok("],
    ["access/key-set.ts", "if (modulusLength < MIN_RSA_BITS) throw unfit();", ""],
    ["access/jwt-tokens.ts", "algorithms: [...way.algorithms],", ""],
    ["access/jwt-tokens.ts", "issuer: way.issuer,\n", ""],
    ["access/jwt-tokens.ts", "...(way.audience && { audience: [...way.audience] }),", ""],
    ["access/jwt-tokens.ts", 'requiredClaims: ["sub", "exp", "iat"],', ""],
    ["access/jwt-tokens.ts", "maxTokenAge: way.maxTokenAge,", ""],
    ["access/turnstile.ts", "|| !way.hostnames.has(answer.hostname)", ""],
    ["access/turnstile.ts", "if (answer.action !== way.action)", "if (false)"],
    ["access/link.ts", "if (name !== profile.name)", "if (false)"],
    ["access/link.ts", "if (token.length > MAX_LINK) {", "if (false) {"],
    ["access/link.ts", "if (policy !== (await policyHash(config, profile)))", "if (false)"],
    ["access/link.ts", 'if (origin !== request.headers.get("origin"))', "if (false)"],
  ],
  R14: [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    ["secret.ts", "cloudinary-edge-signer/${purpose}/v1", "cloudinary-edge-signer/v1"],
    ["secret.ts", "salt: encoder.encode(cloudName)", 'salt: encoder.encode("")'],
  ],
  origins: [
    ["allowed-origin.ts", 'if (allowed.exact.has(origin)) return "listed";', 'if (true) return "listed";'],
    [
      "allowed-origin.ts",
      'if (allowed.exact.has(origin)) return "listed";',
      'if ([...allowed.exact].some((one) => origin.startsWith(one))) return "listed";',
    ],
    [
      "allowed-origin.ts",
      "WITHIN_LABEL.test(origin.slice(before.length, origin.length - after.length))",
      "true",
    ],
    ["allowed-origin.ts", "origin.startsWith(before) &&", ""],
    ["access/origin.ts", 'standing === "own" ? own : standing !== undefined', "origin !== null"],
    ["access/origin.ts", 'standing === "own" ? own : standing !== undefined', "standing !== undefined"],
    [
      "access/origin.ts",
      'standing === "own" ? own : standing !== undefined',
      'origin === null || (standing === "own" ? own : standing !== undefined)',
    ],
    ["access/cookie.ts", "if (originIsPreview) {", "if (false) {"],
    ["cors.ts", 'standing === "listed" &&', ""],
    ["access/cookie.ts", 'if (request.headers.get("origin") === null) {', "if (false) {"],
    ["access/cookie.ts", '=== "cross-site" && !originListed) {', '=== "cross-site" && false) {'],
  ],
  bodies: [
    ["body.ts", "if (names.length > 1) return", "if (false) return"],
    ["body.ts", "if (others.length > 0) return", "if (false) return"],
    ["body.ts", "if (depth(body, MAX_DEPTH) > MAX_DEPTH)", "if (false)"],
    ["body.ts", 'new TextDecoder("utf-8", { fatal: true', 'new TextDecoder("utf-8", { fatal: false'],
  ],
  secrets: [
    ["config/configure.ts", "if (misplaced !== undefined) return err([misplaced]);", ""],
    ["config/secret-binding.ts", "now - kept.at < KEEP_SECONDS", "true"],
    ["config/secret-binding.ts", "usable.value !== doubted ||", "true ||"],
    ["config/secret-binding.ts", "|| now - doubtedAt < DOUBT_SECONDS", ""],
    ["config/secret-binding.ts", "if (kept !== undefined && kept.turn > turn) return ok(kept.value);", ""],
    ["config/secret-binding.ts", "await within(STORE_TIMEOUT_MS, get())", "await get()"],
    ["access/jwt-tokens.ts", "secret.text), secret, value, now)", "secret.text), way, value, now)"],
    ["access/under-secret.ts", "verify(again.value) : verified", "verified : verified"],
    ["access/jwt.ts", "if (text === setup.apiSecret)\n", "if (false)\n"],
    ["access/jwt.ts", "if (new TextEncoder().encode(text).length < MIN_SECRET_BYTES)", "if (false)"],
  ],
  "drop-in": [
    ["policy/drop-in.ts", "if (profile.noDropIn !== undefined) {", "if (false) {"],
    [
      "policy/drop-in.ts",
      "if (isEmpty(Object.hasOwn(sent, name) ? sent[name] : undefined)) {",
      "if (false) {",
    ],
    ["policy/drop-in.ts", "if (!same) return refusal(", "if (false) return refusal("],
    [
      "policy/drop-in.ts",
      "if (accept === undefined) return refusal(",
      "if (accept === undefined) return undefined;\n  if (false) return refusal(",
    ],
  ],
};

export const MUTATIONS: readonly Mutation[] = Object.entries(ROWS).flatMap(([rule, rows]) =>
  rows.map(([file, find, replace]) => ({ rule, file, find, replace })),
);

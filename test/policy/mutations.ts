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
      "policy/compile/parts.ts",
      'return parameter ? ok(parameter) : err({ reason: "unknown_name" });',
      'return ok(parameter ?? { kind: { read: (raw) => ok({ text: String(raw), items: [], count: 1 }) }, client: "limits", templated: false });',
    ],
    ["policy/compile/parts.ts", "if (UNSIGNED_NAMES.has(name)) return err(", "if (false) return err("],
    [
      "policy/compile/compile.ts",
      "if (set.size === 0 && complaints.length === 0",
      "if (false && set.size === 0",
    ],
    [
      "policy/decide/ticket-params.ts",
      "refusals.push({ param, why: refuseOther(profile, param, fill) });",
      "if (profile.set.has(param)) refusals.push({ param, why: refuseOther(profile, param, fill) });\n      else params.set(param, String(raw));",
    ],
    [
      "policy/decide/drop-in.ts",
      'if (set === undefined && accept === undefined && name !== "timestamp") return refuseName(profile, name);',
      'if (set === undefined && accept === undefined && name !== "timestamp") return undefined;',
    ],
  ],
  R2: [
    [
      "policy/decide/ticket-params.ts",
      "return now - SIGNATURE_LIFE + profile.ttl;",
      "return now + profile.ttl;",
    ],
    ["policy/decide/ticket-params.ts", "return now - SIGNATURE_LIFE + profile.ttl;", "return now;"],
    ["policy/decide/client-time.ts", "seconds < now - MAX_PAST ||", "false ||"],
    ["policy/decide/client-time.ts", "|| seconds > now + MAX_FUTURE", "|| false"],
    ["policy/decide/client-time.ts", "if (seconds >= MILLISECONDS)", "if (false)"],
    ["policy/decide/client-time.ts", "/^(0|[1-9]\\d{0,14})$/.test(text)", "/^\\d{1,15}$/.test(text)"],
    ["policy/decide/drop-in.ts", "!kind.isNumber || valueText(raw) === text", "true"],
    ["policy/compile/parts.ts", 'if (name === "timestamp") return err(', "if (false) return err("],
    ["policy/compile/profile-rules.ts", "&& ttl <= SIGNATURE_LIFE;", ";"],
  ],
  R3: [
    ["policy/compile/selectors.ts", "fixed.items.every(isOwn)", "fixed.items.some(isOwn)"],
    [
      "policy/compile/selectors.ts",
      "if (selectors.some((name) => isScoped(name, signable))) continue;",
      "continue;",
    ],
    ["policy/compile/selectors.ts", "&& !(anonymous && chosen !== undefined)", ""],
    ["policy/compile/selectors.ts", "allow.includes(optIn) &&", ""],
    ["policy/compile/selectors.ts", "claimsOf(template).some(({ claim }) => PERSONAL.has(claim))", "true"],
    [
      "policy/compile/selectors.ts",
      "if (chosen !== undefined && !isOwn(chosen.limits.prefix ?? [])) return false;",
      "",
    ],
    ["policy/compile/selectors.ts", "if (!OPT_INS.includes(optIn))", "if (false)"],
    ["policy/tables/methods.ts", 'selectors: ["tags"],', 'selectors: ["tag"],'],
    ["policy/tables/methods.ts", 'selectors: ["eval"],', 'selectors: ["script"],'],
    [
      "policy/tables/methods.ts",
      'selectors: ["manifest_transformation"],',
      'selectors: ["manifest_transformation", "urls"],',
    ],
    [
      "policy/tables/methods.ts",
      '{ method: "destroy", selectors: ["public_id"]',
      '{ method: "destroy", selectors: ["asset_id"]',
    ],
    [
      "policy/compile/profile-rules.ts",
      'draft.accept.has("public_id") && { reason: "folder_ignored"',
      'false && { reason: "folder_ignored"',
    ],
    ["policy/tables/limits.ts", "item.startsWith(prefix)\n", "true\n"],
    ["policy/tables/limits.ts", "item.startsWith(prefix)\n", "item.includes(prefix)\n"],
  ],
  R4: [
    ["policy/compile/draft.ts", '= { public_id: "{uuid}", overwrite: false };', '= { public_id: "{uuid}" };'],
    ["policy/compile/draft.ts", '= { public_id: "{uuid}", overwrite: false };', "= { overwrite: false };"],
    ["policy/values/template.ts", "return fill[place.fill];", "return fill.access;"],
  ],
  R5: [
    ["policy/compile/parts.ts", 'if (parameter.client === "never")', "if (false)"],
    ["policy/tables/parameters.ts", 'overwrite: ["boolean", "never"]', 'overwrite: ["boolean", "limits"]'],
    ["policy/tables/parameters.ts", '  type: ["string", "never"]', '  type: ["string", "limits"]'],
    ["policy/decide/drop-in.ts", "return same ? undefined : {", "return true ? undefined : {"],
  ],
  R6: [
    [
      "policy/tables/limits.ts",
      'client === "enum" ? { reason: "whole_values" }',
      '(client as string) === "none" ? { reason: "whole_values" }',
    ],
    ["policy/tables/limits.ts", ": ofWholeValues === true);", ": true);"],
    ["policy/tables/limits.ts", "allowed.has(item)\n", "true\n"],
    [
      "policy/tables/parameters.ts",
      '  eager: ["transformation-list", "enum"]',
      '  eager: ["transformation-list", "limits"]',
    ],
  ],
  R7: [
    ["policy/compile/file-name.ts", "if (!isSharedByFile({ set })) return [];", "return [];"],
    ["policy/compile/file-name.ts", "isNamedByFile(set) && !isOwn(folderOfFiles(set))", "isNamedByFile(set)"],
    ["policy/compile/file-name.ts", "if (!isKept(set)) return", "if (false) return"],
    ["policy/compile/file-name.ts", "if (allow.includes(SHARED_FILE_NAMES)) return [];", "return [];"],
    [
      "policy/compile/namespaces.ts",
      'byFile.isByFile && holds(known, "random")) return false',
      'byFile.isByFile && holds(known, "random")) void 0',
    ],
    [
      "policy/compile/file-name.ts",
      'isTrue(set, "use_filename") && !isTrue(set, "unique_filename") && !set',
      "!set",
    ],
    ["policy/compile/file-name.ts", '&& !isTrue(set, "unique_filename") && !set.has("public_id")', ""],
    ["policy/compile/file-name.ts", '"unique_filename") && !set.has("public_id");', '"unique_filename");'],
    ["policy/compile/file-name.ts", "PREFIXES.some((name) => set.has(name)) ? []", "false ? []"],
    ["policy/compile/file-name.ts", '[...folder.template, "/"]', "folder.template"],
    ["policy/compile/names.ts", "if (isNamedByFile(profile.set)) templates", "if (false) templates"],
    ["policy/compile/namespaces.ts", "if (!byFile.isByFile) return false;", "return false;"],
    ["policy/compile/namespaces.ts", "return byFile.access !== known.access", "return false"],
    ["policy/compile/namespaces.ts", "return byFile.access !== known.access", "return true"],
    ["policy/compile/namespaces.ts", 'return known.at.endsWith(".public_id")', "return true"],
  ],
  R8: [
    ["policy/compile/file-name.ts", 'if (!set.has("upload_preset")) return [];', "return [];"],
    [
      "policy/compile/file-name.ts",
      '["overwrite", "type", "use_filename"].filter',
      '["overwrite", "use_filename"].filter',
    ],
    ["policy/compile/file-name.ts", "if (!named) missing.unshift(", "if (false) missing.unshift("],
  ],
  R9: [
    ["policy/values/text.ts", "if (text.length > MAX_TEXT_LENGTH) return err(", "if (false) return err("],
    ["policy/values/text.ts", "if (!text.isWellFormed()) return err(", "if (false) return err("],
    ["policy/values/text.ts", "if (CONTROL.test(text)) return err(", "if (false) return err("],
    ["policy/values/text.ts", 'if (text.includes("%26")) return err(', "if (false) return err("],
    ["policy/values/text.ts", 'if (!ampersand && text.includes("&"))', "if (false)"],
    [
      "policy/values/text.ts",
      'if (segment === "." || segment === "..") return err(',
      "if (false) return err(",
    ],
    ["policy/values/text.ts", 'if (segment === "") return err(', "if (false) return err("],
    ["policy/values/text.ts", "if (/[?#\\\\%<>+]/.test(text))", "if (false)"],
    ["policy/values/template.ts", "if (/%2?$/.test(part) && i + 1 < pieces.length)", "if (false)"],
    ["policy/tables/kinds.ts", 'typeof raw === "string" ? ok(one(raw))', "true ? ok(one(String(raw)))"],
    ["policy/tables/kinds.ts", 'if (items.some((item) => item.includes(",")))', "if (false)"],
    ["policy/tables/kinds.ts", 'if (items.includes("")) return err(', "if (false) return err("],
    ["policy/values/pairs.ts", 'text.replace(/[=|]/g, "\\\\$&")', "text"],
    ["policy/values/pairs.ts", 'if (text.includes("\\\\")) return wrong(', "if (false) return wrong("],
    ["policy/values/pairs.ts", "if (/[=|\\\\]/.test(key)) return err(", "if (false) return err("],
    [
      "policy/values/pairs.ts",
      "if (new Set(keys).size !== keys.length) return err(",
      "if (false) return err(",
    ],
    ["policy/values/pairs.ts", "if (lists && /^[\\s\\p{Z}\\p{Cf}]*\\[/u.test(text))", "if (false)"],
    ["policy/values/pairs.ts", "/^[\\s\\p{Z}\\p{Cf}]*\\[/u.test(text)", 'text.startsWith("[")'],
    [
      "policy/values/pairs.ts",
      'if (texts.some((text) => /[",]/.test(text))) return wrong(',
      "if (false) return wrong(",
    ],
    ["policy/values/numbers.ts", "if (box.length !== 4) return wrong;", ""],
    ["policy/tables/kinds.ts", 'author === "client" || typeof raw', "typeof raw"],
    ["policy/tables/limits.ts", "keys.every((key) => allowed.has(key))\n", "true\n"],
    ["policy/tables/limits.ts", "(count > most ?", "(false ?"],
    ["policy/tables/limits.ts", "(item.length > most ?", "(false ?"],
    ["policy/tables/limits.ts", "(Number(item) < least ?", "(false ?"],
    ["policy/tables/limits.ts", "(Number(item) > most ?", "(false ?"],
    ["policy/tables/limits.ts", "withinCharset(charset, item", "true || withinCharset(charset, item"],
    ["policy/tables/limits.ts", "standard: 255,", "standard: MAX_TEXT_LENGTH,"],
    ["policy/tables/limits.ts", "standard: 20,", "standard: Infinity,"],
    ["signature/string-to-sign.ts", '.replaceAll("&", "%26")', ""],
  ],
  R10: [
    [
      "policy/decide/fill.ts",
      'if (claim === "email" && claims.email_verified !== true)',
      'if (claim === "email" && !claims.email_verified)',
    ],
    ["policy/decide/fill.ts", "if (!PLAIN_CLAIM.test(value)) return wrong();", ""],
    [
      "policy/decide/fill.ts",
      "if (!PLAIN_CLAIM.test(value)) return wrong();",
      'value = value.replace(/[^A-Za-z0-9_-]/g, "").slice(0, 64) as string;',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    ["policy/decide/fill.ts", "`${access}\\0${value}`", "value"],
    ["policy/decide/fill.ts", ".slice(0, HASH_DIGITS)", ".slice(0, 8)"],
    ["policy/decide/fill.ts", "value.length > MAX_CLAIM || ", ""],
    ["policy/decide/fill.ts", "|| !value.isWellFormed()", ""],
    [
      "policy/decide/fill.ts",
      "return separators.some((separator) => value.includes(separator))",
      "return false",
    ],
    ["policy/compile/claims.ts", "if (without === undefined) return [];", "return [];"],
    ["policy/compile/ambiguity.ts", "if (kind.isPath && !isWhole)", "if (false)"],
    ["policy/compile/ambiguity.ts", 'if (after === undefined && use === "prefix")', "if (false)"],
    [
      "policy/compile/ambiguity.ts",
      'if (typeof after === "object" || typeof before === "object")',
      "if (false)",
    ],
    [
      "policy/tables/parameters.ts",
      "return templated ? parseTemplate(unescaped) : ok([text]);",
      "return parseTemplate(unescaped);",
    ],
    [
      "policy/tables/parameters.ts",
      '  eval: ["string", "never"]',
      '  eval: ["string", "never", "templated"]',
    ],
    ["access/jwt.ts", 'new Set(["user_metadata", "unsafe_metadata"])', "new Set<string>()"],
  ],
  R11: [
    ["policy/compile/claims.ts", "identities.size > 1 && !namesAccess(template) && ", "false && "],
    [
      "policy/compile/namespaces.ts",
      "(before) => matters(before, one) && canMeet(before, one)",
      "() => false",
    ],
    ["policy/compile/namespaces.ts", "isReaching ? all : reaching", "reaching"],
    ["policy/compile/namespaces.ts", "if (isReaching) reaching.push(one)", ""],
    ["policy/compile/namespaces.ts", 'if (holds(one, "claim") || holds(other, "claim")) return true', ""],
    [
      "policy/compile/namespaces.ts",
      "if (one.identity !== other.identity || !isBounded) return",
      "if (!isBounded) return",
    ],
    [
      "policy/compile/namespaces.ts",
      "if (one.identity !== other.identity || !isBounded) return",
      "if (one.identity !== other.identity) return",
    ],
    [
      "policy/compile/namespaces.ts",
      'return i === other.pieces.length - 1 ? "part" : "meet";',
      'return "part";',
    ],
    [
      "policy/compile/namespaces.ts",
      'place.kind === "random" ? "part" : "meet";',
      'place.kind !== "claim" ? "part" : "meet";',
    ],
    [
      "policy/compile/claims.ts",
      '.filter(([place, separator]) => place === "access" && ',
      ".filter(([place, separator]) => false && ",
    ],
  ],
  R12: [
    ["policy/compile/profile-rules.ts", "if (!accepted.parameter.kind.hasKeys) return", "if (false) return"],
    ["policy/compile/profile-rules.ts", "sharedKey(fixed, accepted) && ", "false && "],
    ["policy/values/pairs.ts", 'key.normalize("NFKC").toLowerCase()', "key"],
    ["policy/values/pairs.ts", 'key.normalize("NFKC").toLowerCase()', "key.toLowerCase()"],
  ],
  R13: [
    ["tickets/admit.ts", "if (links.length + distinct.size > 1) return", "if (false) return"],
    [
      "tickets/admit.ts",
      "if (first === undefined) return",
      'if (first === undefined || profile.access.includes("public")) return',
    ],
    ["tickets/admit.ts", "methods[fits.indexOf(Math.max(...fits))]!", "methods[0]!"],
    ["access/jwt-tokens.ts", "if (iss !== settings.issuer) return 1;", ""],
    [
      "access/jwt-tokens.ts",
      "return isAudience(aud, settings.audience) && isParty(azp, settings.authorizedParties) ? 3 : 2;",
      "return 3;",
    ],
    ["access/jwt-tokens.ts", "checkType(head);", ""],
    ["access/token.ts", "if ((await subjectOf(value)) !== undefined) return 3;", ""],
    ["access/token.ts", "if (subject !== undefined) return ok(", "if (true) return ok("],
    ["access/key-set.ts", "if (failedAt > now) failedAt = Number.NEGATIVE_INFINITY;", ""],
    ["access/key-set.ts", "if (cache.uat === undefined || cache.uat <= now) return;", "return;"],
    ["access/key-set.ts", "if (modulusLength < MIN_RSA_BITS) throw unfit();", ""],
    ["access/jwt-tokens.ts", "algorithms: [...settings.algorithms],", ""],
    ["access/jwt-tokens.ts", "issuer: settings.issuer,\n", ""],
    ["access/jwt-tokens.ts", "...(settings.audience && { audience: [...settings.audience] }),", ""],
    ["access/jwt-tokens.ts", 'requiredClaims: ["sub", "exp", "iat"],', ""],
    ["access/jwt-tokens.ts", "maxTokenAge: settings.maxTokenAge,", ""],
    ["access/turnstile.ts", "|| !hostnames.has(answer.hostname)", ""],
    ["access/turnstile.ts", "if (answer.action !== action)", "if (false)"],
    ["tickets/link.ts", "if (name !== profile.name)", "if (false)"],
    ["access/jwt-tokens.ts", 'if (Object.hasOwn(payload, "events"))', "if (false)"],
    ["access/jwt-tokens.ts", "Math.min(exp!, iat! + maxTokenAge)", "exp!"],
    ["access/jwt-tokens.ts", "Math.min(exp!, iat! + maxTokenAge)", "iat! + maxTokenAge"],
    ["tickets/link.ts", "if (expires_at <= now)", "if (false)"],
    ["tickets/link.ts", "if (token.length > MAX_LINK)", "if (false)"],
    ["tickets/link.ts", "if (policy !== (await policyHash(config, profile)) ||", "if ("],
    ["tickets/link.ts", 'if (origin !== request.headers.get("origin"))', "if (false)"],
  ],
  R14: [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    ["keys/secret.ts", "cloudinary-edge-signer/${purpose}/v1", "cloudinary-edge-signer/v1"],
    ["keys/secret.ts", "salt: encoder.encode(cloudName)", 'salt: encoder.encode("")'],
  ],
  origins: [
    ["access/origins.ts", 'if (allowed.exact.has(origin)) return "listed";', 'if (true) return "listed";'],
    [
      "access/origins.ts",
      'if (allowed.exact.has(origin)) return "listed";',
      'if ([...allowed.exact].some((one) => origin.startsWith(one))) return "listed";',
    ],
    [
      "access/origins.ts",
      "WITHIN_LABEL.test(origin.slice(before.length, origin.length - after.length))",
      "true",
    ],
    ["access/origins.ts", "origin.startsWith(before) &&", ""],
    ["access/origin.ts", 'standing === "own" ? own : standing !== undefined', "origin !== null"],
    ["access/origin.ts", 'standing === "own" ? own : standing !== undefined', "standing !== undefined"],
    [
      "access/origin.ts",
      'standing === "own" ? own : standing !== undefined',
      'origin === null || (standing === "own" ? own : standing !== undefined)',
    ],
    ["access/cookie.ts", "if (originIsPreview)", "if (false)"],
    ["http/wire/cors.ts", 'standing === "listed" &&', ""],
    ["access/cookie.ts", 'if (request.headers.get("origin") === null)', "if (false)"],
    ["access/cookie.ts", "isCrossSite && !originListed ?", "isCrossSite && false ?"],
  ],
  limits: [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    ["tickets/enter.ts", "`${identity} ${subject}`", "`${access} ${subject}`"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
    ["tickets/enter.ts", "`${identity} ${subject}`", "subject"],
    ["limits/address-key.ts", "isMapped ? ipv4(", "false ? ipv4("],
  ],
  bodies: [
    ["tickets/signing-request.ts", "if (names.length > 1) return", "if (false) return"],
    ["tickets/signing-request.ts", "if (others.length > 0) return", "if (false) return"],
    ["tickets/signing-request.ts", "if (depth(body, MAX_DEPTH) > MAX_DEPTH)", "if (false)"],
    [
      "tickets/signing-request.ts",
      'new TextDecoder("utf-8", { fatal: true',
      'new TextDecoder("utf-8", { fatal: false',
    ],
  ],
  secrets: [
    ["config/configure.ts", "if (misplaced !== undefined) return err([misplaced]);", ""],
    ["keys/secret-reader.ts", "isWithin(KEEP_SECONDS, kept.at, now)", "true"],
    ["keys/secret-reader.ts", "&& now > since - OVERLAP_SECONDS", ""],
    ["keys/secret-reader.ts", "found !== doubted ||", "true ||"],
    ["keys/secret-reader.ts", "|| isWithin(DOUBT_SECONDS, doubtedAt, now)", ""],
    ["keys/secret-reader.ts", "failed !== undefined && isWithin(failed.seconds, failed.at, now)", "false"],
    ["keys/secret-reader.ts", "FAILED_SECONDS + took / 1000", "FAILED_SECONDS"],
    ["keys/secret-reader.ts", "asking === undefined || waited >= TURN_MS", "true"],
    ["keys/secret-reader.ts", "asking === undefined || waited >= TURN_MS", "asking === undefined"],
    ["keys/secret-reader.ts", "waited = asking === asked ? waited + next : 0;", "waited += next;"],
    ["keys/secret-reader.ts", "if (kept !== undefined && kept.turn > turn) return ok(kept.value);", ""],
    ["keys/secret-reader.ts", "await within(milliseconds, get())", "await get()"],
    ["access/jwt-tokens.ts", "secret.text), secret, value, now)", "secret.text), settings, value, now)"],
    ["keys/under-secret.ts", "verify(again.value) : verified", "verified : verified"],
    ["keys/named-secrets.ts", "own === api?.text ?", "false ?"],
    ["keys/named-secrets.ts", "api.value.is(own.value.text) ? err(same) : own", "false ? err(same) : own"],
    ["keys/secret-faults.ts", "if (secret.ok) return [];", "return [];"],
    ["access/jwt-tokens.ts", "if (!isWellFormed(value))", "if (false)"],
    ["access/jwt.ts", "encode(text).length < MIN_SECRET_BYTES", "encode(text).length < 0"],
  ],
  "drop-in": [
    ["policy/decide/drop-in.ts", "if (noDropIn !== undefined)\n", "if (false)\n"],
    ["policy/decide/drop-in.ts", "if (isMissing(param)) refusals.push(", "if (false) refusals.push("],
    ["policy/decide/drop-in.ts", "if (!same) return {", "if (false) return {"],
    [
      "policy/decide/drop-in.ts",
      "if (accept === undefined) return {",
      "if (accept === undefined) return undefined;\n  if (false) return {",
    ],
  ],
};

export const MUTATIONS: readonly Mutation[] = Object.entries(ROWS).flatMap(([rule, rows]) =>
  rows.map(([file, find, replace]) => ({ rule, file, find, replace })),
);

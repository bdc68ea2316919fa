// One weakened rule each: the text that stands for it in `src`, and what it is replaced by. Each text is found
// exactly once in its file, or mutations.test.ts fails. What a table decides word by word has no row: its evidence has.

/** A rule of SIGNATURES by its number, or what else a reviewer would ask for. */
export interface Mutation {
  readonly rule: string;
  /** Below `src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The condition of an `if` that is never met; or a text, and what it is replaced by. */
type Row = string | readonly [find: string, replace: string];

/** By rule and by file. */
const ROWS: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
  R1: {
    "policy/compile/parts.ts": [
      [
        'return parameter ? ok(parameter) : err({ reason: "unknown_name", method });',
        'return ok(parameter ?? { kind: { read: (raw) => ok({ text: String(raw), items: [], count: 1 }) }, client: "limits", templated: false });',
      ],
      "UNSIGNED_NAMES.has(name)",
    ],
    "policy/compile/compile.ts": [
      [
        'if (method.name === "upload" && set.size === 0 && faults.length === 0',
        "if (false && set.size === 0",
      ],
    ],
    "policy/decide/ticket-params.ts": [
      ["refusals.push({ param, why: refuseOther(profile, param, fill) })", "params[param] = String(raw)"],
    ],
    "policy/decide/drop-in.ts": [["return refuseName(profile, name)", "return undefined"]],
  },
  R2: {
    "policy/decide/ticket-params.ts": [
      ["return now - SIGNATURE_LIFE + Math.min(profile.ttl, SIGNATURE_LIFE);", "return now + profile.ttl;"],
      ["return now - SIGNATURE_LIFE + Math.min(profile.ttl, SIGNATURE_LIFE);", "return now;"],
      ["Math.min(profile.ttl, SIGNATURE_LIFE)", "profile.ttl"],
    ],
    "policy/decide/client-time.ts": [
      ["seconds < now - MAX_PAST ||", "false ||"],
      ["|| seconds > now + MAX_FUTURE", "|| false"],
      "seconds >= MILLISECONDS",
      ["/^(0|[1-9]\\d{0,14})$/.test(text)", "/^\\d{1,15}$/.test(text)"],
    ],
    "policy/decide/drop-in.ts": [["!kind.isNumber || valueText(raw) === text", "true"]],
    "policy/compile/parts.ts": ['name === "timestamp"'],
    "policy/compile/profile-rules.ts": [["&& ttl <= max;", ";"]],
  },
  R3: {
    "policy/compile/selectors.ts": [
      ["fixed.items.every(isOwn)", "fixed.items.some(isOwn)"],
      ["if (selectors.some((name) => isScoped(name, signable))) continue;", "continue;"],
      ["&& !(anonymous && chosen !== undefined)", ""],
      ["allow.includes(optIn) &&", ""],
      ["claimsOf(template).some(({ claim }) => PERSONAL.has(claim))", "true"],
      ["if (chosen !== undefined && !isOwn(chosen.limits.prefix ?? [])) return false;", ""],
      "!OPT_INS.includes(optIn)",
      'method.name === "upload"',
      [".filter(([name]) => !isScoped(name, signable))", ".filter(() => false)"],
      ["access.every((name) => methods.get(name)?.backEnd === true)", "true"],
      [
        "access.every((name) => methods.get(name)?.backEnd",
        "access.some((name) => methods.get(name)?.backEnd",
      ],
      ["signable.allow.includes(OTHERS_ASSETS) && ", ""],
      "isOverOthers(signable)",
      [" || optIns.has(OTHERS_ASSETS)) continue;", ") continue;"],
    ],
    "policy/compile/profile-rules.ts": [
      ['draft.accept.has("public_id") && {', "false && {"],
      ['method.name !== "upload" && anonymous && {', "false && {"],
      ['"set", lacking && {', '"set", false && {'],
      ['name !== "to_public_id" &&', ""],
      ["items.some(isRandom),", "false,"],
      ['name !== "upload" && resourceType === "auto" && {', "false && {"],
    ],
    "policy/tables/kinds.ts": [
      '!item.endsWith("/")',
      ["const path = safePath(item);", "const path = ok(item);"],
      ["const path = safePath(item.slice(0, -1));", "const path = ok(item);"],
    ],
    "policy/decide/ticket-params.ts": [
      "lacking !== undefined && refusals.length === 0",
      ["names.every((one) => accept.has(one))", "true"],
    ],
    "policy/tables/needs.ts": [["names.length === 0)", "names.length <= 1)"]],
    "policy/tables/limits.ts": [
      ["item.startsWith(prefix)\n", "true\n"],
      ["item.startsWith(prefix)\n", "item.includes(prefix)\n"],
    ],
  },
  R4: {
    "policy/values/template.ts": [["return fill[place.fill];", "return fill.access;"]],
  },
  R5: {
    "policy/compile/parts.ts": ['parameter.client === "never"'],
    "policy/compile/profile-rules.ts": [
      ["const isFine = isScoped(", "const isFine = true || isScoped("],
      ['=== "authenticated" && {', '=== "none" && {'],
      ['method.name !== "destroy" &&', ""],
    ],
    "policy/decide/drop-in.ts": [["return same ? undefined : {", "return true ? undefined : {"]],
  },
  R6: {
    "policy/tables/limits.ts": [
      ['client === "enum" ? {', '(client as string) === "none" ? {'],
      [": ofWholeValues === true);", ": true);"],
      ["allowed.has(item)\n", "true\n"],
    ],
  },
  R7: {
    "policy/compile/file-name.ts": [
      ["if (!isSharedByFile({ set })) return [];", "return [];"],
      ["isNamedByFile(set) && !isOwn(folderOfFiles(set))", "isNamedByFile(set)"],
      "!isKept(set)",
      ["if (allow.includes(SHARED_FILE_NAMES)) return [];", "return [];"],
      ['isTrue(set, "use_filename") && !isTrue(set, "unique_filename") && !set', "!set"],
      ['&& !isTrue(set, "unique_filename") && !set.has("public_id")', ""],
      ['"unique_filename") && !set.has("public_id");', '"unique_filename");'],
      ["PREFIXES.some((name) => set.has(name)) ? []", "false ? []"],
      ['[...folder.template, "/"]', "folder.template"],
    ],
    "policy/compile/namespaces.ts": [
      ['holds(known, "random")) return false', 'holds(known, "random")) void 0'],
      ["if (!byFile.by) return false;", "return false;"],
      ["return byFile.access !== known.access", "return false"],
      ["return byFile.access !== known.access", "return true"],
      ['return known.at.endsWith(".public_id")', "return true"],
    ],
    "policy/compile/names.ts": ["isNamedByFile(profile.set)"],
  },
  R8: {
    "policy/compile/file-name.ts": [
      ['if (!set.has("upload_preset")) return [];', "return [];"],
      "!named",
      ["&& isAlone(draft) &&", "&&"],
      [" && draft.allow.includes(PRESET_DECIDES)", ""],
      ['dropIn && !set.has("public_id") && !accept', '!set.has("public_id") && !accept'],
      ['&& !accept.has("public_id");', ";"],
    ],
    "policy/compile/names.ts": [["if (profile.optIns.includes(PRESET_DECIDES))", "if (false)"]],
    "policy/compile/namespaces.ts": [
      [
        'if (one.by === "preset" || other.by === "preset") return mattersByPreset',
        "if (false) return mattersByPreset",
      ],
      ["if (one.profile === other.profile) return false;", ""],
      ["if (known.by) return one.access !== other.access;", "if (known.by) return false;"],
      ["if (known.by) return one.access !== other.access;", "if (known.by) return true;"],
      [" || /public_ids?$/.test(known.at)", ""],
      ['holds(known, "claim") || (holds', "(holds"],
      [' || (holds(known, "random") && !known.isInFolder)', ""],
      ["return isOwn || /", "return /"],
    ],
  },
  R9: {
    "policy/values/text.ts": [
      "text.length > MAX_TEXT_LENGTH",
      "!text.isWellFormed()",
      "CONTROL.test(text)",
      'text.includes("%26")',
      '!ampersand && text.includes("&")',
      'seen === "." || seen === ".."',
      'seen === ""',
      "/[?#\\\\%<>+]/.test(text)",
    ],
    "policy/values/template.ts": ["/%2?$/.test(part) && i + 1 < pieces.length"],
    "policy/tables/kinds.ts": [
      ['typeof raw === "string" ? ok(one(raw))', "true ? ok(one(String(raw)))"],
      'items.some((item) => item.includes(","))',
      'items.includes("")',
      ['author === "client" || typeof raw', "typeof raw"],
    ],
    "policy/values/pairs.ts": [
      ['text.replace(/[=|]/g, "\\\\$&")', "text"],
      'text.includes("\\\\")',
      "/[=|\\\\]/.test(key)",
      'typeof raw === "string" && new Set(keys).size !== keys.length',
      "lists && /^[\\s\\p{Z}\\p{Cf}]*\\[/u.test(text)",
      ["/^[\\s\\p{Z}\\p{Cf}]*\\[/u.test(text)", 'text.startsWith("[")'],
      'texts.some((text) => /[",]/.test(text))',
    ],
    "policy/values/numbers.ts": [["if (box.length !== 4) return wrong;", ""]],
    "policy/tables/limits.ts": [
      ["keys.every((key) => allowed.has(key))\n", "true\n"],
      ["(count > most ?", "(false ?"],
      ["(item.length > most ?", "(false ?"],
      ["(Number(item) < least ?", "(false ?"],
      ["(Number(item) > most ?", "(false ?"],
      ["withinCharset(charset, item", "true || withinCharset(charset, item"],
    ],
    "signature/string-to-sign.ts": [
      ['.replaceAll("&", "%26")', ""],
      ["known?.names.every((name, i) => name === names[i])", "known !== undefined"],
    ],
  },
  R10: {
    "policy/decide/fill.ts": [
      ["claims.email_verified !== true", "!claims.email_verified"],
      ["if (!PLAIN_CLAIM.test(value)) return wrong();", ""],
      [
        "if (!PLAIN_CLAIM.test(value)) return wrong();",
        'value = value.replace(/[^A-Za-z0-9_-]/g, "").slice(0, 64) as string;',
      ],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
      ["`${access}\\0${value}`", "value"],
      [".slice(0, HASH_DIGITS)", ".slice(0, 8)"],
      ["value.length > MAX_CLAIM || ", ""],
      ["|| !value.isWellFormed()", ""],
      ["return separators.some((separator) => value.includes(separator))", "return false"],
    ],
    "policy/compile/claims.ts": [["if (without === undefined) return [];", "return [];"]],
    "policy/compile/ambiguity.ts": [
      "kind.isPath && !isWhole",
      'after === undefined && use === "prefix"',
      'typeof after === "object" || typeof before === "object"',
    ],
    "policy/tables/parameters.ts": [
      ["return templated ? parseTemplate(unescaped) : ok([text]);", "return parseTemplate(unescaped);"],
    ],
  },
  R11: {
    "policy/compile/claims.ts": [
      ["identities.size > 1 && !namesAccess(template) && ", "false && "],
      ['.filter(([place, separator]) => place === "access" && ', ".filter(([place, separator]) => false && "],
    ],
    "policy/compile/namespaces.ts": [
      ["(before) => matters(before, one) && canMeet(before, one)", "() => false"],
      ["isReaching ? all : reaching", "reaching"],
      ["if (isReaching) reaching.push(one)", ""],
      ['if (holds(one, "claim") || holds(other, "claim")) return true', ""],
      ["if (one.identity !== other.identity || !isBounded) return", "if (!isBounded) return"],
      ["one.identity !== other.identity || !isBounded", "one.identity !== other.identity"],
      ['return i === other.pieces.length - 1 ? "part" : "meet";', 'return "part";'],
      ['place.kind === "random" ? "part" : "meet";', 'place.kind !== "claim" ? "part" : "meet";'],
      "endsAbove(one, a, b, i) || endsAbove(other, b, a, i)",
      ["pieces.length === i + 1 && other", "other"],
      ['place.kind === "random" && pieces', "pieces"],
      [' && other.end === "/";', ";"],
      "(one.isInFolder && isFolder(other)) || (other.isInFolder && isFolder(one))",
      "one.space !== other.space",
    ],
    "policy/compile/names.ts": [
      "profile.optIns.includes(OTHERS_ASSETS)",
      ["templates.push(...namesInFolders(profile));", ""],
    ],
  },
  R12: {
    "policy/compile/profile-rules.ts": [
      "!accepted.parameter.kind.hasKeys",
      ["sharedKey(fixed, accepted) && ", "false && "],
    ],
    "policy/values/pairs.ts": [
      ['key.normalize("NFKC").toLowerCase()', "key"],
      ['key.normalize("NFKC").toLowerCase()', "key.toLowerCase()"],
    ],
  },
  R13: {
    "tickets/admit.ts": [
      ["isOther ||", "false ||"],
      ["links.length + Math.min(found.length, 1) > 1", "false"],
      ["if (first === undefined", 'if (first === undefined || profile.access.includes("public")'],
      ["methods[fits.indexOf(Math.max(...fits))]!", "methods[0]!"],
    ],
    "access/jwt-tokens.ts": [
      ["if (iss !== settings.issuer) return 1;", ""],
      [
        "return isAudience(aud, settings.audience) && isParty(azp, settings.authorizedParties) ? 3 : 2;",
        "return 3;",
      ],
      ["checkType(head);", ""],
      ["algorithms: [...settings.algorithms],", ""],
      ["issuer: settings.issuer,\n", ""],
      ["...(settings.audience && { audience: [...settings.audience] }),", ""],
      ['requiredClaims: ["sub", "exp", "iat"],', ""],
      ["maxTokenAge: settings.maxTokenAge,", ""],
      'Object.hasOwn(payload, "events")',
      ["Math.min(exp!, iat! + maxTokenAge)", "exp!"],
      ["Math.min(exp!, iat! + maxTokenAge)", "iat! + maxTokenAge"],
    ],
    "access/token.ts": [
      ["if ((await subjectOf(value)) !== undefined) return 3;", ""],
      ["if (subject !== undefined) return ok(", "if (true) return ok("],
    ],
    "access/key-set.ts": [
      ["if (failedAt > now) failedAt = Number.NEGATIVE_INFINITY;", ""],
      ["if (cache.uat === undefined || cache.uat <= now) return;", "return;"],
      ["if (modulusLength < MIN_RSA_BITS) throw unfit();", ""],
    ],
    "access/turnstile.ts": [["|| !hostnames.has(answer.hostname)", ""], "answer.action !== action"],
    "tickets/link.ts": [
      "name !== profile.name",
      "expires_at <= now",
      "token.length > MAX_LINK",
      ["if (policy !== (await policyHash(config, profile)) ||", "if ("],
      'origin !== request.headers.get("origin")',
    ],
  },
  R14: {
    "keys/derivation.ts": [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
      ["cloudinary-edge-signer/${purpose}/v1", "cloudinary-edge-signer/v1"],
      ["salt: encoder.encode(cloudName)", 'salt: encoder.encode("")'],
    ],
  },
  origins: {
    "access/origins.ts": [
      ["allowed.exact.has(origin)", "true"],
      ["allowed.exact.has(origin)", "[...allowed.exact].some((one) => origin.startsWith(one))"],
      ["WITHIN_LABEL.test(origin.slice(before.length, origin.length - after.length))", "true"],
      ["origin.startsWith(before) &&", ""],
    ],
    "access/origin.ts": [
      ['standing === "own" ? own : standing !== undefined', "origin !== null"],
      ['standing === "own" ? own : standing !== undefined', "standing !== undefined"],
      [
        'standing === "own" ? own : standing !== undefined',
        'origin === null || (standing === "own" ? own : standing !== undefined)',
      ],
    ],
    "access/cookie.ts": [
      "originIsPreview",
      'request.headers.get("origin") === null',
      ["isCrossSite && !originListed ?", "isCrossSite && false ?"],
    ],
    "http/wire/cors.ts": [['standing === "listed" &&', ""]],
  },
  limits: {
    "tickets/enter.ts": [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
      ["`${identity} ${subject}`", "`${access} ${subject}`"],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
      ["`${identity} ${subject}`", "subject"],
    ],
    "limits/address-key.ts": [["isMapped ? ipv4(", "false ? ipv4("]],
  },
  bodies: {
    "tickets/signing-request.ts": [
      "forms.size > 1 || isTwice",
      ["forms.size > 1 || isTwice", "forms.size > 1"],
      "others.length > 0",
      "depth(body, levels) > levels",
      ['new TextDecoder("utf-8", { fatal: true', 'new TextDecoder("utf-8", { fatal: false'],
    ],
  },
  files: {
    "policy/compile/file-limits.ts": [
      ["!isAlone && {", "false && {"],
      ["chosen !== undefined && isOwn(chosen) : isOwn(fixed)", "chosen !== undefined : isOwn(fixed)"],
      ["isOwn(chosen) : isOwn(fixed)", "isOwn(chosen) : true"],
      ['(part === "set" ? set : accept).has(name) &&', "false &&"],
      ['(part === "set" ? set : accept).has(name)', "set.has(name)"],
      ['overwrite === "true" ||', ""],
      ["(overwrite === undefined && isKnown)", "false"],
      ['name === undefined ? accept.has("public_id") : !isRandom(name)', "!isRandom(name ?? [])"],
      ["losesPrevious(draft) &&", "false &&"],
      ["!allow.includes(LOSE_PREVIOUS) &&", ""],
      ['!isRandom(set.get("public_id")?.template ?? []) && { reason: "quarantine_name" }', "false"],
      ['!isScoped("tags", { set, accept })', "false"],
      ['owners.has("type") && {', "false && {"],
      ["parseBytes(maxBytes) === undefined &&", "false &&"],
      ["!areFormats && {", "false && {"],
      ["isTwice && {", "false && {"],
      ['draft.set.get("async")?.template.join("") === "true" && {', "false && {"],
      ['resourceType === "raw" && {', "false && {"],
      ["maxFiles <= MAX_FILES)", "true)"],
      'method.name !== "upload"',
    ],
    "policy/compile/profile-rules.ts": [
      ["once !== undefined && {", "false && {"],
      ['method.name === "upload" ? MAX_TTL : SIGNATURE_LIFE', "MAX_TTL"],
      ["!file?.quarantine &&", "file === undefined &&"],
    ],
    "policy/compile/draft.ts": [
      ["file?.formats?.length && {", "false && {"],
      ["file?.quarantine && {", "false && {"],
      "file !== undefined",
      "ttl > SIGNATURE_LIFE",
    ],
    "policy/decide/ticket-params.ts": ['file !== undefined && !Object.hasOwn(params, "public_id")'],
    "policy/decide/judge-file.ts": [
      ["bytes > maxBytes", "bytes > maxBytes + 1"],
      ["bytes > maxBytes", "bytes >= maxBytes"],
      ["!(format !== undefined && formats.some(", "!(format === undefined || formats.some("],
      ["formatOf(one) === formatOf(format)", "one === format"],
      ['wanted === "auto" || wanted === found', "true"],
      ["otherType(resourceType, stored.resource_type) ??", ""],
      ["tooLarge(file ?? {}, stored.bytes) ??", ""],
      ["otherFormat(file ?? {}, stored.format);", "undefined;"],
      ["tooLarge(file, declared.size) ??", ""],
      "files.length > limit",
      "files.length > 1 && isOneName(profile)",
      ['accept.has("public_id") ||', ""],
      ["(name !== undefined && !isRandom(name))", "false"],
    ],
    "policy/decide/describe.ts": [["{ quarantine: _, ...limits } = file", "{ ...limits } = file"]],
    "policy/tables/limits.ts": [
      ["keys, prefix: _, ...plain } = limits", "keys, ...plain } = limits"],
      ['if (parameter.names === "path") delete described.enum;', ""],
    ],
    "policy/values/bytes.ts": [["(value as number) > 0", "(value as number) >= 0"]],
    "tickets/issue.ts": [
      "refused.length > 0",
      "limited !== undefined",
      ["more < files.length", "more < 1"],
      ["{ ...fill, uuid: uuid() }", "fill"],
    ],
    "tickets/upload-id.ts": [
      "said.profile !== profile.name",
      ["said.subject === (caller.subject ?? null)", "true"],
      ["said.access === caller.access || byIdAlone", "true"],
      ["!isCallers || said.claims !== (await hashOf(fill.claims))", "!isCallers"],
      "said.policy !== (await hashOfPolicy(config, profile))",
      ["fill.now < end ? opened", "true ? opened"],
      ['use === "confirmation" ? CONFIRMABLE : 0', "CONFIRMABLE"],
      ['use === "confirmation" && caller.subject === undefined &&', "caller.subject === undefined &&"],
      ["config.access.get(said.access)?.once === true", "true"],
      ["sealed.length > MAX_UPLOAD_ID ?", "false ?"],
      ["config.cloudName, config.publicUrl);\n  const sealed", "config.cloudName);\n  const sealed"],
    ],
    "tickets/renew.ts": [
      "profile.ttl <= SIGNATURE_LIFE",
      "id.fields !== (await hashOfFields(fields))",
      ["Math.min(now, id.until - SIGNATURE_LIFE)", "now"],
      ["...Object.fromEntries(lastingFields(fields)),", "...fields,"],
      ["...(own &&", "...(false as true &&"],
    ],
    "keys/derivation.ts": [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a source
      ["`/${publicUrl}`", '""'],
    ],
    "keys/receipt-key.ts": [
      ['derivation("receipt", cloudName, publicUrl)', 'derivation("upload-id", cloudName, publicUrl)'],
    ],
    "keys/base64url.ts": [["base64Url(bytes) === text", "true"]],
  },
  notifications: {
    "signature/notification.ts": [
      ['if (!(Number(timestamp) >= now - maxAge)) return "too_old";', ""],
      ["Number(timestamp) >= now - maxAge", "Number(timestamp) > now - maxAge"],
      ["Number(timestamp) <= now + MAX_AHEAD", "true"],
      ["Number(timestamp) <= now + MAX_AHEAD", "Number(timestamp) < now + MAX_AHEAD"],
      ["!(await isSignedBy(bytes, String(headers.signature), secrets))", "false"],
      ["joined(raw, encoder.encode(String(headers.timestamp)))", "Uint8Array.from(raw)"],
      ['if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))', "if (true)"],
      ["parsed !== null && !Array.isArray(parsed)", "parsed !== null"],
      ['err("not_json")', "ok({})"],
    ],
    "signature/verify.ts": [['{ 40: "sha1", 64: "sha256" }', '{ 64: "sha256" }']],
    "notifications/authentic.ts": [['signature === null && headers.has("x-cld-signature_v2")', "false"]],
    "notifications/match-upload.ts": [
      "id.publicId === null || about.public_id !== id.publicId",
      ["fitsType(profile, about) ?", "true ?"],
      ["&& others.length === 0", ""],
      "public_id !== undefined",
    ],
    "notifications/enforce.ts": [
      'body.notification_type !== "upload"',
      "faults !== undefined",
      ["!profile?.notify || now()", "!profile || now()"],
      ["|| now() >= id.until + CONFIRMABLE", ""],
      ["|| name.value.type !== signedType(profile)", ""],
      ['judged.error.reason === "not_stored" ?', "true ?"],
    ],
    "notifications/receive.ts": [
      ["if (!enforced.ok) return enforced;", ""],
      ["handed.ok ? ok(notification) : handed", "ok(notification)"],
      ["(?:notification_type|resources)", "(?:resources)"],
      ["|_(?:id|kind|path|status)$", ""],
      [": [event, telling];", ": [event];"],
    ],
    "notifications/hand-on.ts": [["await within(APPLICATION_TIMEOUT_MS, taken);", "void taken;"]],
    "tickets/upload-id.ts": [["&& id.policy === (await hashOfPolicy(config, profile)) ?", "?"]],
    "tickets/issue.ts": [["  notify ? { ...params,", "  false as boolean ? { ...params,"]],
    "uploads/judge-upload.ts": [
      ["held?.public_id === public_id &&", "held !== undefined &&"],
      ["held.resource_type === resource_type &&", ""],
      ["held.type === where &&", ""],
      ["held.version === version &&", ""],
      ["held.version >= issued - CLOCKS", "true"],
    ],
    "http/routes/notifying.ts": [["readRaw(request, MAX_NOTIFICATION_BYTES)", "readRaw(request, 9e9)"]],
    "policy/compile/profile-rules.ts": [
      ['if (method.name !== "upload") return faultAt("notify",', 'if (false) return faultAt("notify",'],
      ['file === undefined && { reason: "notify_file" }', "false"],
      ['owners.has("notification_url") && {', "false && {"],
    ],
    "config/read-profiles.ts": [["notifies && !address.ok", "false"]],
  },
  receipts: {
    "library/verify-receipt.ts": [
      ["if (said.iss !== publicUrl)", "if (false)"],
      ["if (account !== undefined && said.aud !== account.cloudName)", "if (false)"],
      ['algorithms: ["EdDSA"]', 'algorithms: ["EdDSA", "RS256"]'],
      ['["iat", "exp", "jti"]', '["iat", "jti"]'],
      ["clockTolerance: CLOCKS,", "clockTolerance: 86_400,"],
      ["profiles?.includes(profile) === false", "false"],
      ["|| receipt.length > MAX_RECEIPT", ""],
    ],
  },
  secrets: {
    "config/configure.ts": [
      ["if (misplaced !== undefined) return err([misplaced]);", ""],
      ["previous: isSame ? undefined : given", "previous: given"],
      ["...(previous?.faults ?? [])", ""],
      ["previous?.faults.length === 0 ?", "false ?"],
    ],
    "keys/misplaced-secret.ts": [["?? misplaced(source, settings, previous)", ""]],
    "keys/previous-secret.ts": [["account.value.cloudName === cloudName", "true"]],
    "observe/log.ts": [["|| previous) return true;", ") return true;"]],
    "http/routes/confirming.ts": [
      ["previous?.ok ? [previous.value] : []", "[]"],
      ["...new Map(keys.map((key) => [key.kid, key])).values()", "...keys"],
    ],
    "keys/secret-reader.ts": [
      ["isWithin(KEEP_SECONDS, kept.at, now)", "true"],
      ["&& now > since - OVERLAP_SECONDS", ""],
      ["found !== doubted ||", "true ||"],
      ["|| isWithin(DOUBT_SECONDS, doubtedAt, now)", ""],
      ["failed !== undefined && isWithin(failed.seconds, failed.at, now)", "false"],
      ["FAILED_SECONDS + took / 1000", "FAILED_SECONDS"],
      ["asking === undefined || waited >= TURN_MS", "true"],
      ["asking === undefined || waited >= TURN_MS", "asking === undefined"],
      ["waited = asking === asked ? waited + next : 0;", "waited += next;"],
      ["if (kept !== undefined && kept.turn > turn) return ok(kept.value);", ""],
      ["await within(milliseconds, get())", "await get()"],
    ],
    "access/jwt-tokens.ts": [
      ["secret.text), secret, value, hash, now)", "secret.text), settings, value, hash, now)"],
      "!verified.has(hash) && !isWellFormed(value)",
    ],
    "keys/under-secret.ts": [
      ["verify(again.value) : verified", "verified : verified"],
      ['"upload_id_response",', ""],
      ["isPrevious = isSettled(verified);", "isPrevious = verified.ok;"],
      ["event.previous = true;", ""],
      ["if (isSettled(verified)) return by(again.value, verified);", ""],
      ["by(secret.value, before ?? first)", "by(secret.value, first)"],
      [
        "await underSecret(previous, now, async (one)",
        "await underSecret(() => previous(now), now, async (one)",
      ],
    ],
    "keys/named-secrets.ts": [
      ["[api?.text, previous]", "[previous]"],
      ["[api?.text, previous]", "[api?.text]"],
      ["api.value.isIn(own.value.text) ? err(same) : own", "false ? err(same) : own"],
    ],
    "keys/holds-secret.ts": [
      ["text === secret || (", "("],
      [" || (secret.length", " && (secret.length"],
    ],
    "keys/secret-faults.ts": [["if (secret.ok) return [];", "return [];"]],
    "access/jwt.ts": [["encode(text).length < MIN_SECRET_BYTES", "encode(text).length < 0"]],
  },
  "drop-in": {
    "policy/compile/draft.ts": ['name !== "upload"'],
    "policy/decide/drop-in.ts": [
      "noDropIn !== undefined",
      "isMissing(param)",
      "!same",
      ['return { reason: "nothing_but", value };', "return undefined;"],
    ],
  },
};

const mutation = (rule: string, file: string, row: Row): Mutation =>
  typeof row === "string"
    ? { rule, file, find: `if (${row})`, replace: "if (false)" }
    : { rule, file, find: row[0], replace: row[1] };

export const MUTATIONS: readonly Mutation[] = Object.entries(ROWS).flatMap(([rule, files]) =>
  Object.entries(files).flatMap(([file, rows]) => rows.map((row) => mutation(rule, file, row))),
);

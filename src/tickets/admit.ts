// Who asks: finds the one credential of a request, and asks the access method that reads it (R13).

import type { AccessContext, AdmittedCaller, OpenMethod } from "../access/method.ts";
import type { Config } from "../config/checked.ts";
import { codeOf, type Failure, failure } from "../failure.ts";
import { underKeyring } from "../keys/under-secret.ts";
import type { RequestEvent } from "../observe/event.ts";
import type { Profile } from "../policy/profile.ts";
import { err, ok, type Result } from "../result.ts";
import { LINK_PARAMETER, readLink } from "./link.ts";

/** The access methods that read a credential, ready for use, by name. */
export type OpenMethods = ReadonlyMap<string, OpenMethod>;

/** Makes the access methods ready, once for each app: key sets are remembered in them. */
export function openMethods({ access }: Config, fetcher: typeof fetch): OpenMethods {
  const open = new Map<string, OpenMethod>();
  for (const [name, method] of access) if (method.open !== undefined) open.set(name, method.open(fetcher));
  return open;
}

type Admitted = Result<AdmittedCaller, Failure>;

/**
 * Looks for what the request shows this profile: nothing, a link, or a credential; the answer verifies it. Two
 * credentials at once are not ours to choose between. With `byUploadId`, whoever could show something that is good once
 * shows nothing: the upload ID, which is opened later, says that it was shown.
 */
export function admit(
  config: Config,
  open: OpenMethods,
  profile: Profile,
  context: AccessContext,
  event: RequestEvent,
  byUploadId = false,
): Result<() => Promise<Admitted>, Failure> {
  const { request, now } = context;
  const hasQuery = request.url.includes("?");
  const links = hasQuery ? new URL(request.url).searchParams.getAll(LINK_PARAMETER) : [];
  const found = profile.access.flatMap((name) => {
    const method = byUploadId && config.access.get(name)?.once ? undefined : open.get(name);
    return method?.find(request).map((credential) => ({ ...credential, name, method })) ?? [];
  });
  const [first] = found;
  const distinct = new Set(found.map(({ place, value }) => `${place} ${value}`));
  if (links.length + distinct.size > 1) return err(failure("two_credentials"));
  const [link] = links;
  if (link !== undefined) {
    return ok(async () => {
      const read = await underKeyring(config, now, event, (secret) =>
        readLink(config, secret, profile, link, context),
      );
      return read.ok ? ok(read.value.value) : read;
    });
  }
  if (first === undefined) return ok(async () => admitNobody(profile, config, open, request, byUploadId));
  return ok(() => verifyShown(first.value, found, context));
}

/** An access method that reads what a request shows. */
interface Named {
  readonly name: string;
  readonly method: OpenMethod;
}

/** Of access methods that read the same place, the one that the credential fits best; the first of several. */
async function bestFit(value: string, methods: readonly Named[]): Promise<Named> {
  if (methods.length === 1) return methods[0]!;
  const fits = await Promise.all(methods.map(({ method }) => method.fits(value)));
  return methods[fits.indexOf(Math.max(...fits))]!;
}

/** Admits a caller who shows a credential: one that fails ends here, and nothing else is tried. */
async function verifyShown(
  value: string,
  methods: readonly Named[],
  context: AccessContext,
): Promise<Admitted> {
  const { name, method } = await bestFit(value, methods);
  const admitted = await method.verify(value, context);
  if (admitted.ok) return ok({ ...admitted.value, access: name });
  const refused = { ...admitted.error, access: name };
  if (!["invalid_token", "expired_token"].includes(codeOf(refused))) return err(refused);
  return err({ ...refused, challenge: `${method.challenge}, error="invalid_token"` });
}

/** Admits a caller who shows nothing, where the profile lets such callers in. */
function admitNobody(
  profile: Profile,
  config: Config,
  open: OpenMethods,
  request: Request,
  byUploadId: boolean,
): Admitted {
  let refused: Failure | undefined;
  for (const name of profile.access) {
    const admitted = config.access.get(name)?.admit?.(request);
    if (admitted === undefined) continue;
    if (admitted.ok) return ok({ ...admitted.value, access: name });
    refused = { ...admitted.error, access: name };
  }
  const once = byUploadId ? profile.access.find((name) => config.access.get(name)?.once) : undefined;
  if (once !== undefined) return ok({ access: once, claims: {} });
  const wanted = profile.access.flatMap((name) => open.get(name) ?? []);
  if (wanted.length === 0) return err(refused ?? failure("workers_only"));
  const challenge = [...new Set(wanted.map((method) => method.challenge))].join(", ");
  return err({ ...failure("unauthenticated", { hints: wanted.map(({ hint }) => hint) }), challenge });
}

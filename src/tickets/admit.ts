// Who asks: finds the one credential of a request, and asks the way in that reads it (R13).

import type { AccessContext, AdmittedCaller, Credential, CredentialWay } from "../access/way.ts";
import type { Config } from "../config/checked.ts";
import type { Profile } from "../policy/profile.ts";
import { type Failure, failure } from "../problem.ts";
import { err, ok, type Result } from "../result.ts";
import { LINK_PARAMETER } from "./link.ts";

/** The access methods that read a credential, ready for use, by name. */
export type CredentialWays = ReadonlyMap<string, CredentialWay>;

/** Makes the access methods ready, once for each app: key sets are remembered in them. */
export function openWays({ ways }: Config, fetcher: typeof fetch): CredentialWays {
  const open = new Map<string, CredentialWay>();
  for (const [name, way] of ways) if (way.open !== undefined) open.set(name, way.open(fetcher));
  return open;
}

/** What a request shows: nothing, a link, or a credential and the ways in that read its place. */
export type Shown =
  | { readonly kind: "nothing" }
  | { readonly kind: "link"; readonly value: string }
  | { readonly kind: "credential"; readonly value: string; readonly ways: readonly CredentialWay[] };

/** Finds what the request shows. Two credentials at once are no choice of ours to make. */
export function findShown(profile: Profile, ways: CredentialWays, request: Request): Result<Shown, Failure> {
  const hasQuery = request.url.includes("?");
  const links = hasQuery ? new URL(request.url).searchParams.getAll(LINK_PARAMETER) : [];
  const found: (Credential & { way: CredentialWay })[] = [];
  for (const name of profile.access) {
    const way = ways.get(name);
    if (way !== undefined) found.push(...way.find(request).map((credential) => ({ ...credential, way })));
  }
  const [first] = found;
  const distinct = new Set(found.map(({ place, value }) => `${place} ${value}`));
  if (links.length + distinct.size > 1) {
    return err(failure("malformed_request", "the request shows more than one credential: send one"));
  }
  if (links[0] !== undefined) return ok({ kind: "link", value: links[0] });
  if (first === undefined) return ok({ kind: "nothing" });
  return ok({ kind: "credential", value: first.value, ways: found.map(({ way }) => way) });
}

/** Of ways in that read the same place, the one that the credential fits best; the first of several. */
async function bestFit(value: string, ways: readonly CredentialWay[]): Promise<CredentialWay> {
  if (ways.length === 1) return ways[0]!;
  const fits = await Promise.all(ways.map((way) => way.fits(value)));
  return ways[fits.indexOf(Math.max(...fits))]!;
}

/** Admits a caller who shows a credential: one that fails ends here, and nothing else is tried. */
export async function admitShown(
  { value, ways }: Extract<Shown, { kind: "credential" }>,
  context: AccessContext,
): Promise<Result<AdmittedCaller, Failure>> {
  const way = await bestFit(value, ways);
  const admitted = await way.verify(value, context);
  if (admitted.ok) return admitted;
  const refused = { ...admitted.error, way: way.name };
  if (!["invalid_token", "expired_token"].includes(refused.code)) return err(refused);
  return err({ ...refused, challenge: `${way.challenge}, error="invalid_token"` });
}

/** Admits a caller who shows nothing, where the profile lets such callers in. */
export function admitNobody(
  profile: Profile,
  config: Config,
  open: CredentialWays,
  request: Request,
): Result<AdmittedCaller, Failure> {
  let refused: Failure | undefined;
  for (const name of profile.access) {
    const admitted = config.ways.get(name)?.admit?.(request);
    if (admitted === undefined) continue;
    if (admitted.ok) return admitted;
    refused = admitted.error;
  }
  const wanted = profile.access.flatMap((name) => open.get(name) ?? []);
  if (wanted.length > 0) {
    const detail = `send ${wanted.map(({ hint }) => hint).join(", or ")}`;
    return err({
      code: "unauthenticated",
      detail,
      challenge: [...new Set(wanted.map(({ challenge }) => challenge))].join(", "),
    });
  }
  const detail = "this profile is for other Workers, by service binding";
  return err(refused ?? failure("profile_not_allowed", detail));
}

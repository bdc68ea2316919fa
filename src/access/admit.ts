// Who asks: tries the ways in that a profile names.

import type { Way } from "../config/config.ts";
import type { Profile } from "../policy/profile.ts";
import type { Failure } from "../problem.ts";
import { err, ok, type Result } from "../signature/result.ts";
import type { Caller } from "./caller.ts";
import { admitOrigin } from "./origin.ts";
import { admitPublic } from "./public.ts";

function tryWay(way: Way, request: Request): Result<Caller, Failure> {
  switch (way.type) {
    case "public":
      return admitPublic(way);
    case "origin":
      return admitOrigin(way, request);
  }
}

/** The first of the profile's ways in that lets the request in, or the failure of the last one. */
export function admit(
  profile: Profile,
  ways: ReadonlyMap<string, Way>,
  request: Request,
): Result<Caller, Failure> {
  let last: Failure | undefined;
  for (const name of profile.access) {
    const way = ways.get(name);
    if (way === undefined) continue;
    const tried = tryWay(way, request);
    if (tried.ok) return ok(tried.value);
    last = tried.error;
  }
  return err(last ?? { code: "internal", detail: "the profile names no way in" });
}

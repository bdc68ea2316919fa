// The way in `service`: another Worker, by service binding. No request over HTTP is one, whatever it shows.

import { type Failure, failure } from "../problem.ts";

export const refuseService = (): Failure =>
  failure("profile_not_allowed", "this profile is for other Workers, by service binding");

// Of a definition with faults of form, what is left to be checked by meaning.

import { expect, it } from "vitest";
import { withoutFaulty } from "../../src/config/without-faulty.ts";

const DEFINITION = {
  page: "yes",
  allowedOrigins: ["https://www.example.com"],
  access: { members: {}, site: {} },
  profiles: {
    both: { access: ["members", "site"] },
    open: { access: ["public"] },
    odd: { access: "site" },
    site: { access: ["site"] },
  },
  environments: { staging: {}, quiet: {} },
};
const names = (part: unknown): string[] => Object.keys(part as object);

it.each<readonly [what: string, at: readonly string[], changed: object]>([
  ["nothing", [], {}],
  ["a setting", ["page"], { page: undefined }],
  ["a part of a setting", ["allowedOrigins.0"], { allowedOrigins: undefined }],
  ["a profile", ["profiles.open.ttl"], { profiles: ["both", "odd", "site"] }],
  [
    "a profile's limit, and another's whole",
    ["profiles.open.accept.tags.max", "profiles.odd"],
    { profiles: ["both", "site"] },
  ],
  [
    "an access method, and the profiles that name it",
    ["access.members"],
    { access: ["site"], profiles: ["open", "odd", "site"] },
  ],
  ["an option of one", ["access.site.origins"], { access: ["members"], profiles: ["open", "odd"] }],
  ["an environment", ["environments.staging.page"], { environments: ["quiet"] }],
])("leaves out %s", (_, at, changed) => {
  const faults = at.map((path) => ({ binding: "signer.config.ts", at: path, problem: "is wrong" }));
  const { page, allowedOrigins, access, profiles, environments } = withoutFaulty(DEFINITION, faults);
  expect({
    page,
    allowedOrigins,
    access: names(access),
    profiles: names(profiles),
    environments: names(environments),
  }).toEqual({
    page: DEFINITION.page,
    allowedOrigins: DEFINITION.allowedOrigins,
    access: names(DEFINITION.access),
    profiles: names(DEFINITION.profiles),
    environments: names(DEFINITION.environments),
    ...changed,
  });
});

it("leaves out every profile that names an access method, where `access` is not a table at all", () => {
  const fault = { binding: "signer.config.ts", at: "access", problem: "must be an object" };
  const { access, profiles } = withoutFaulty({ ...DEFINITION, access: 5 }, [fault]);
  expect(access).toBeUndefined();
  expect(names(profiles)).toEqual(["odd"]);
});

it.each([
  ["a fault of the whole", DEFINITION, [{ binding: "signer.config.ts", problem: "is wrong" }]],
  ["what is not a table", 5, []],
])("leaves nothing of %s", (_, definition, faults) => {
  expect(withoutFaulty(definition, faults)).toEqual({});
});

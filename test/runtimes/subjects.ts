// What of `src` the tests ask of a runtime: the modules by their paths in `src`. A test file that imports one of
// these is run with the runtime's own in its place, and nothing that is compared comes from the parent process.

import * as secret from "../../src/keys/secret.ts";
import * as library from "../../src/library/library.ts";
import * as compile from "../../src/policy/compile/compile.ts";
import * as namespaces from "../../src/policy/compile/namespaces.ts";
import * as selectors from "../../src/policy/compile/selectors.ts";
import * as dropIn from "../../src/policy/decide/drop-in.ts";
import * as caller from "../../src/policy/decide/fill.ts";
import * as ticket from "../../src/policy/decide/ticket-params.ts";
import * as kinds from "../../src/policy/tables/kinds.ts";
import * as digest from "../../src/signature/digest.ts";
import * as sign from "../../src/signature/sign.ts";
import * as stringToSign from "../../src/signature/string-to-sign.ts";
import * as answer from "../../src/tickets/issue.ts";

export const SUBJECTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "tickets/issue.ts": answer,
  "library/library.ts": library,
  "policy/decide/fill.ts": caller,
  "policy/compile/compile.ts": compile,
  "policy/decide/drop-in.ts": dropIn,
  "policy/compile/namespaces.ts": namespaces,
  "policy/compile/selectors.ts": selectors,
  "policy/decide/ticket-params.ts": ticket,
  "keys/secret.ts": secret,
  "policy/tables/kinds.ts": kinds,
  "signature/digest.ts": digest,
  "signature/sign.ts": sign,
  "signature/string-to-sign.ts": stringToSign,
};

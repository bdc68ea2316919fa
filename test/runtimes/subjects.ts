// What of `src` the tests ask of a runtime: the modules by their paths in `src`. A test file that imports one of
// these is run with the runtime's own in its place, and nothing that is compared comes from the parent process.

import * as answer from "../../src/answer.ts";
import * as library from "../../src/library/index.ts";
import * as caller from "../../src/policy/caller.ts";
import * as compile from "../../src/policy/compile.ts";
import * as dropIn from "../../src/policy/drop-in.ts";
import * as namespaces from "../../src/policy/namespaces.ts";
import * as selectors from "../../src/policy/selectors.ts";
import * as ticket from "../../src/policy/ticket.ts";
import * as secret from "../../src/secret.ts";
import * as digest from "../../src/signature/digest.ts";
import * as sign from "../../src/signature/sign.ts";
import * as stringToSign from "../../src/signature/string-to-sign.ts";

export const SUBJECTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "answer.ts": answer,
  "library/index.ts": library,
  "policy/caller.ts": caller,
  "policy/compile.ts": compile,
  "policy/drop-in.ts": dropIn,
  "policy/namespaces.ts": namespaces,
  "policy/selectors.ts": selectors,
  "policy/ticket.ts": ticket,
  "secret.ts": secret,
  "signature/digest.ts": digest,
  "signature/sign.ts": sign,
  "signature/string-to-sign.ts": stringToSign,
};

// The tables of parameters and methods against their evidence, and the rules that stand in them.

import { describe, expect, it } from "vitest";
import { KINDS, type Kind } from "../../../src/policy/tables/kinds.ts";
import { SELECTIONS } from "../../../src/policy/tables/methods.ts";
import { PARAMETERS, UNSIGNED_NAMES } from "../../../src/policy/tables/parameters.ts";
import { METHOD_NAMES, SIGNED_METHODS } from "../../../src/policy/tables/signed-methods.ts";
import evidence from "../../vectors/upload-params.json" with { type: "json" };

/** R5, name by name; `manifest_*` and `template*` written out. */
const NEVER_CHOSEN = [
  ...[
    "use_filename",
    "unique_filename",
    "filename_override",
    "public_id_prefix",
    "asset_folder",
    "headers",
    "type",
  ],
  ...[
    "use_asset_folder_as_public_id_prefix",
    "return_delete_token",
    "manifest_transformation",
    "manifest_json",
  ],
  ...[
    "template",
    "template_vars",
    "eval",
    "on_success",
    "callback",
    "notification_url",
    "eager_notification_url",
  ],
  ...[
    "proxy",
    "access_mode",
    "access_control",
    "overwrite",
    "invalidate",
    "upload_preset",
    "backup",
    "async",
  ],
];

/** R6. */
const WHOLE_VALUES = [
  ...[
    "eager",
    "transformation",
    "responsive_breakpoints",
    "raw_convert",
    "ocr",
    "detection",
    "categorization",
  ],
  ...[
    "auto_tagging",
    "moderation",
    "background_removal",
    "similarity_search",
    "visual_search",
    "auto_transcription",
  ],
  ...["auto_chaptering", "quality_analysis", "accessibility_analysis"],
];

/** What the evidence calls our kinds. */
const theirs = (kind: string): string =>
  kind
    .replace(/^(paths|folders)$/, "csv")
    .replace("path", "string")
    .replace("-metadata", "-context");

describe("the table of parameters", () => {
  it("has exactly the names and kinds of its evidence", () => {
    const names = new Map<Kind, string>(Object.entries(KINDS).map(([kind, row]) => [row, kind]));
    const ours = [...PARAMETERS].map(([name, { kind }]) => `${name} ${theirs(names.get(kind)!)}`).sort();
    expect(ours).toEqual(evidence.params.map(({ name, kind }) => `${name} ${kind}`).sort());
  });

  it("R1: every name matches ^[a-z][a-z_]*$, and none is of every object or unsigned", () => {
    for (const name of PARAMETERS.keys()) {
      expect(name).toMatch(/^[a-z][a-z_]*$/);
      expect(UNSIGNED_NAMES.has(name)).toBe(false);
    }
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
      expect(PARAMETERS.get(name)).toBeUndefined();
  });

  it.each(NEVER_CHOSEN)("R5: %s is never chosen by a client", (name) => {
    expect(PARAMETERS.get(name)?.client).toBe("never");
  });

  it.each(WHOLE_VALUES)("R6: %s is accepted by whole values alone", (name) => {
    expect(PARAMETERS.get(name)?.client).toBe("enum");
  });

  it("R10: places to fill are in paths, tags, context and metadata alone", () => {
    const templated = [...PARAMETERS].filter(([, parameter]) => parameter.templated).map(([name]) => name);
    expect(templated.sort()).toEqual([
      "asset_folder",
      "context",
      "folder",
      "metadata",
      "public_id",
      "public_id_prefix",
      "tags",
    ]);
  });
});

/** What the official SDK sends for a method and no profile of it signs: by reason. */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  rename: { "would publish what is not to be seen": ["to_type"] },
  generate_archive: {
    "names assets as image/upload/<public ID>, which no prefix of a caller's own fits": [
      "fully_qualified_public_ids",
    ],
  },
  explicit: {
    "would publish what is not to be seen": ["access_mode"],
    "runs a script, or calls an address in the browser": ["eval", "on_success", "callback"],
    "says where an asset lies": [
      "folder",
      "asset_folder",
      "public_id_prefix",
      "use_asset_folder_as_public_id_prefix",
    ],
    "means something for a new file alone": [
      ...["allowed_formats", "format", "proxy", "backup", "upload_preset", "return_delete_token", "source"],
      ...["use_filename", "unique_filename", "use_filename_as_display_name", "filename_override"],
      ...["discard_original_filename", "batch_id"],
    ],
    "makes an asset of a template": ["template", "template_vars", "manifest_transformation", "manifest_json"],
  },
};

describe("the table of signed methods", () => {
  const names = new Map<Kind, string>(Object.entries(KINDS).map(([kind, row]) => [row, kind]));
  const uploads = new Map(evidence.params.map(({ name, kind }) => [name, kind]));
  const kinds = new Map(Object.entries<string>(evidence.other_method_kinds));
  const methods: Readonly<Record<string, readonly string[]>> = {
    ...evidence.other_methods,
    explicit: [...uploads.keys()],
  };

  it.each(METHOD_NAMES.filter((name) => name !== "upload"))(
    "%s has the names and kinds of its evidence, but for what is left out with a reason",
    (method) => {
      const { parameters } = SIGNED_METHODS.get(method)!;
      const leftOut = Object.values(LEFT_OUT[method] ?? {}).flat();
      expect([...parameters.keys(), ...leftOut].sort()).toEqual([...methods[method]!].sort());
      for (const [name, { kind }] of parameters)
        expect(theirs(names.get(kind)!), name).toBe(
          kinds.get(`${method} ${name}`) ?? uploads.get(name) ?? kinds.get(name),
        );
    },
  );

  it("has the kind of every name that is no upload's", () => {
    const others = METHOD_NAMES.flatMap((method) => [...SIGNED_METHODS.get(method)!.parameters.keys()]);
    const wanted = new Set(others.filter((name) => !uploads.has(name)));
    // A name with its method's before it is of another kind there than an upload's.
    const known = [...kinds.keys()].filter((name) => !name.includes(" "));
    expect(known.sort()).toEqual([...wanted].sort());
  });

  it("R1, R5: names are plain, and no client chooses what no client chooses of an upload", () => {
    for (const method of METHOD_NAMES)
      for (const [name, { client }] of SIGNED_METHODS.get(method)!.parameters) {
        expect(name).toMatch(/^[a-z][a-z_]*$/);
        expect(UNSIGNED_NAMES.has(name)).toBe(false);
        if ([...NEVER_CHOSEN, "expires_at"].includes(name)) expect(client, `${method} ${name}`).toBe("never");
        if (WHOLE_VALUES.includes(name)) expect(client, `${method} ${name}`).toBe("enum");
      }
  });

  it("needs what it takes, and a name of what it works on in each of its ways", () => {
    for (const method of METHOD_NAMES) {
      const { parameters, needs } = SIGNED_METHODS.get(method)!;
      expect(needs.length > 0, method).toBe(method !== "upload");
      for (const ways of needs) {
        expect([...parameters.keys()]).toEqual(expect.arrayContaining([...ways]));
        expect(ways.some((name) => parameters.get(name)!.names !== undefined)).toBe(true);
      }
    }
  });
});

describe("the table of methods", () => {
  const methods: Record<string, string[]> = evidence.other_methods;

  it("has every method of its evidence, with selectors that the method takes", () => {
    const ours = new Set(SELECTIONS.map(({ method }) => method));
    expect([...ours].sort()).toEqual([...Object.keys(methods), "explicit"].sort());
    for (const { method, selectors } of SELECTIONS) {
      // `explicit` takes every upload parameter (the evidence's explicit_note).
      const names = method === "explicit" ? [...PARAMETERS.keys()] : (methods[method] ?? []);
      for (const selector of selectors) expect(names, `${method} ${selector}`).toContain(selector);
    }
  });

  it("has the origin of what the official Node SDK does not call, and knows what is an upload itself", () => {
    const origins: Record<string, string> = evidence.other_methods_origin;
    for (const method of Object.keys(methods).filter((name) => /\/|create_|eval/.test(name)))
      expect(origins[method], method).toMatch(/\w/);
    expect(evidence.methods_of_an_upload).toEqual(["upload", "upload_chunked"]);
    for (const { method } of SELECTIONS) expect(evidence.methods_of_an_upload).not.toContain(method);
  });

  it("has every selector that its evidence names and an upload has", () => {
    const texts: Record<string, string> = evidence.required_discriminators;
    for (const [method, text] of Object.entries(texts)) {
      const selectors = SELECTIONS.filter((selection) => selection.method === method).flatMap(
        (selection) => selection.selectors,
      );
      for (const name of PARAMETERS.keys()) {
        if (new RegExp(`(^|[^_a-z])${name}([^_a-z]|$)`).test(text.replace(/;.*$|\(.*?\)/g, ""))) {
          expect(selectors, `${method}: ${name}`).toContain(name);
        }
      }
    }
  });
});

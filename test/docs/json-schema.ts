// A type of `src` -> JSON Schema 2020-12, as OpenAPI 3.1 has it: docstrings are descriptions, and a type that is declared
// by a name stands once, among the components.

import type { Compiler, Type } from "./compiler.ts";

export type Schema = Readonly<Record<string, unknown>>;

export interface SchemaMaker {
  /** The schema of a type that a file exports. */
  of(file: string, name: string): Schema;
  /** The schemas that others lead to, by their names. */
  readonly components: Record<string, Schema>;
}

/** Numbers over the wire are whole, but for limits that a profile wrote. */
const MAY_BE_BROKEN = ["min", "max", "enum"];

/** Names that TypeScript's own library gives to what is described whole where it stands. */
const GENERAL = ["Readonly", "Record", "Pick", "Omit", "Partial", "Array", "ReadonlyArray"];

const PLAIN: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  null: { type: "null" },
  unknown: {},
};

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

export function schemaMaker(compiler: Compiler): SchemaMaker {
  const components: Record<string, Schema> = {};

  function union(parts: readonly Type[], member: string): Schema {
    const schemas = parts.map((part) => one(part, member));
    const values = schemas.map(({ const: value }) => value);
    if (values.every((value) => value !== undefined)) {
      // `boolean` is a union to the compiler.
      if (values.length === 2 && values.includes(true) && values.includes(false)) return PLAIN.boolean!;
      return { enum: values };
    }
    const plain = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
    const types = plain.map(({ type, ...more }) => (Object.keys(more).length === 0 ? type : undefined));
    if (types.every((type) => typeof type === "string")) return { type: types };
    const isTrueOrFalse = ({ const: value }: Schema): boolean => typeof value === "boolean";
    const others = plain.filter((schema) => !isTrueOrFalse(schema));
    return { anyOf: others.length === plain.length ? plain : [...others, PLAIN.boolean!] };
  }

  function object(type: Type): Schema {
    const values = compiler.valuesOf(type);
    if (values !== undefined) return { type: "object", additionalProperties: schemaOf(values, "") };
    const members = compiler.membersOf(type);
    const required = members.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
    return {
      type: "object",
      properties: Object.fromEntries(
        members.map(({ name, doc, type: of }) => {
          const schema = schemaOf(of, name);
          return [name, doc === "" ? schema : { ...schema, description: doc }];
        }),
      ),
      ...(required.length > 0 && { required }),
    };
  }

  function one(type: Type, member: string): Schema {
    const text = compiler.textOf(type);
    if (Object.hasOwn(PLAIN, text)) return PLAIN[text]!;
    if (text === "number") return { type: MAY_BE_BROKEN.includes(member) ? "number" : "integer" };
    if (text === "true" || text === "false" || type.isNumberLiteralType() || type.isStringLiteralType())
      return { const: JSON.parse(text) };
    const items = compiler.itemsOf(type);
    if (items !== undefined) return { type: "array", items: schemaOf(items, member) };
    const name = compiler.nameOf(type);
    if (name === undefined || GENERAL.includes(name)) return object(type);
    if (!Object.hasOwn(components, name)) {
      components[name] = {};
      components[name] = object(type);
    }
    return ref(name);
  }

  function schemaOf(type: Type, member: string): Schema {
    const parts = compiler.partsOf(type);
    return parts.length > 1 ? union(parts, member) : one(parts[0]!, member);
  }

  return {
    components,
    of(file, name) {
      const { doc, type } = compiler.typeOf(file, name);
      const schema = schemaOf(type, "");
      const known = components[name];
      if (known !== undefined && doc !== "") components[name] = { description: doc, ...known };
      return schema;
    },
  };
}

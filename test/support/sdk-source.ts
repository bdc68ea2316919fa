// The official SDK's sources as syntax: which function refers to which name. So a test sees every use of a hash or of
// the secret, and one that a new version adds.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";

/** Text by file, named from the SDK's `lib`. */
export type Sources = Readonly<Record<string, string>>;

/** One place where a function refers to a name. */
export interface Use {
  readonly file: string;
  /** The function by its name, `(module)` outside of all. */
  readonly within: string;
  readonly name: string;
  /** The object that it is a member of, where that is a plain name. */
  readonly of?: string;
  /** The first argument, where it is a call with a text. */
  readonly first?: string;
}

/** What is read of a file. */
export interface Read {
  readonly uses: readonly Use[];
  /** Modules that are none of the SDK's own. */
  readonly modules: readonly string[];
  /** Names that other files can get. */
  readonly exported: ReadonlySet<string>;
  /** Names of members in the objects that each function writes. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

interface Node {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: nodes have many shapes
  readonly [part: string]: any;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** The installed SDK. */
export function sdkSources(): Sources {
  const lib = join(dirname(fileURLToPath(import.meta.resolve("cloudinary"))), "lib");
  return Object.fromEntries(
    readdirSync(lib, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".js"))
      .map((path) => [path, readFileSync(join(lib, path), "utf8")]),
  );
}

/** The plain name of an expression: `b` of `a.b`, of `a["b"]` and of `b`. */
function nameOf(node: Node | null | undefined): string | undefined {
  if (node?.type === "Identifier") return node.name;
  if (node?.type === "Literal" || node?.type === "PrivateIdentifier") return String(node.value ?? node.name);
  if (node?.type === "MemberExpression")
    return node.computed && node.property.type !== "Literal" ? "(computed)" : nameOf(node.property);
  return undefined;
}

const isFunction = (node: Node | null | undefined): boolean =>
  /^(Function(Declaration|Expression)|ArrowFunctionExpression|Class(Declaration|Expression))$/.test(
    node?.type ?? "",
  );

/** The name that a node gives to the function in it. */
function functionName(node: Node): string | undefined {
  if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") return nameOf(node.id);
  if (node.type === "AssignmentExpression" && isFunction(node.right)) return nameOf(node.left);
  if (node.type === "VariableDeclarator" && isFunction(node.init)) return nameOf(node.id);
  if (node.type === "MethodDefinition") return nameOf(node.key);
  if (node.type === "Property" && isFunction(node.value)) return nameOf(node.key);
  return undefined;
}

/** `exports.a = a` hands on, and calls nothing. */
const isExport = (node: Node): boolean =>
  node.type === "AssignmentExpression" &&
  node.left.type === "MemberExpression" &&
  /^(exports|utils|module\.exports)$/.test(sourceOf(node.left.object));

const sourceOf = (node: Node): string =>
  node.type === "MemberExpression"
    ? `${sourceOf(node.object)}.${nameOf(node.property)}`
    : (nameOf(node) ?? "");

export function readSource(file: string, text: string): Read {
  const uses: Use[] = [];
  const modules: string[] = [];
  const exported = new Set<string>();
  const members = new Map<string, string[]>();

  const visit = (node: Node, within: string, first?: string): void => {
    const inside = functionName(node) ?? within;
    const each = (part: unknown): void => {
      if (Array.isArray(part)) part.forEach(each);
      else if (isNode(part)) visit(part, inside);
    };
    switch (node.type) {
      case "Identifier":
        uses.push({ file, within, name: node.name, ...(first !== undefined && { first }) });
        return;
      case "Literal":
        if (typeof node.value === "string") uses.push({ file, within, name: node.value });
        return;
      case "MemberExpression": {
        const of = nameOf(node.object);
        const name = nameOf(node) ?? "(computed)";
        uses.push({ file, within, name, ...(of && { of }), ...(first !== undefined && { first }) });
        visit(node.object, within);
        if (node.computed && node.property.type !== "Literal") visit(node.property, within);
        return;
      }
      case "CallExpression":
      case "NewExpression": {
        const [argument] = node.arguments;
        const given = argument?.type === "Literal" ? String(argument.value) : undefined;
        if (nameOf(node.callee) === "require" && given !== undefined && !given.startsWith("."))
          modules.push(given);
        visit(node.callee, within, given);
        each(node.arguments);
        return;
      }
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        each(node.params);
        each(node.body);
        return;
      case "VariableDeclarator":
      case "ObjectPattern":
        if (node.type === "ObjectPattern") {
          // `const { hash } = require("…")` names what is used elsewhere; `{ hash: h }` hides it.
          for (const property of node.properties) {
            const renamed = property.type === "Property" && nameOf(property.value) !== nameOf(property.key);
            if (renamed) uses.push({ file, within, name: nameOf(property.key) ?? "(computed)" });
            if (property.value?.type === "AssignmentPattern") each(property.value.right);
          }
          return;
        }
        if (node.id.type === "ObjectPattern") each(node.id);
        each(node.init);
        return;
      case "ObjectExpression":
        for (const { key } of node.properties)
          if (key !== undefined)
            members.set(within, [...(members.get(within) ?? []), nameOf(key) ?? "(computed)"]);
        each(node.properties);
        return;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.computed) each(node.key);
        each(node.value);
        return;
      case "AssignmentExpression":
        if (isExport(node)) {
          exported.add(nameOf(node.left)!);
          if (node.right.type === "Identifier") return;
        } else each(node.left);
        each(node.right);
        return;
      default:
        for (const [name, part] of Object.entries(node)) if (name !== "type") each(part);
    }
  };
  visit(parseAst(text, { lang: "js", sourceType: "script" } as never) as unknown as Node, "(module)");
  return { uses, modules, exported, members };
}

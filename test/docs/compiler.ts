// The types of `src` and their docstrings, as the compiler itself tells them: what is generated from them has no second
// source. Its API is called unstable, and this file alone uses it.

import { join } from "node:path";
import { API, type Symbol as Named, type Type } from "typescript/unstable/sync";
import { PROJECT } from "../../src/testing/local-worker.ts";

export type { Type };

/** One member of a type. */
export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  /** Its docstring; `""` where it has none. */
  readonly doc: string;
  readonly type: Type;
}

/** What a file exports, or declares for itself. */
export interface Declared {
  readonly doc: string;
  readonly type: Type;
}

export interface Compiler {
  /** A type by its name; `file` is a path inside `src`. */
  typeOf(file: string, name: string): Declared;
  /** What a constant or function is. */
  valueOf(file: string, name: string): Declared;
  /** Whether a file belongs to the project. */
  has(file: string): boolean;
  /** The names that a file exports, in the order in which it does. */
  namesOf(file: string): readonly string[];
  /** The type of what a function is called with first. */
  parameterOf(type: Type): Type | undefined;
  /** The members of a type, in the order in which they are written. */
  membersOf(type: Type): readonly Member[];
  /** What every member is that has no name of its own: of a `Record`. */
  valuesOf(type: Type): Type | undefined;
  itemsOf(type: Type): Type | undefined;
  /** The parts of a union without `undefined`; of any other type itself. */
  partsOf(type: Type): readonly Type[];
  /** The name that a type is declared by, where it stands in a file of its own as an object. */
  nameOf(type: Type): string | undefined;
  textOf(type: Type): string;
  close(): void;
}

/** `SymbolFlags.Optional`, which a `const enum` does not hand out. */
const OPTIONAL = 1 << 24;
/** `SymbolFlags.Alias`: a name that another file's is exported by. */
const ALIAS = 1 << 21;
/** `SignatureKind.Call`. */
const CALL = 0;

/** The docstring as prose: lines of it are joined as they are meant, and of links the text stays. */
const prose = (doc: string): string => doc.replaceAll(/\s*\n\s*/g, " ").trim();

/** Starts the compiler over a project: half a second. */
export function openCompiler(project = "tsconfig.json"): Compiler {
  const api = new API({ cwd: PROJECT });
  const snapshot = api.updateSnapshot({ openProjects: [join(PROJECT, project)] });
  const { checker, program } = snapshot.getProjects()[0]!;

  function exportsOf(file: string): readonly Named[] {
    const source = program.getSourceFile(join(PROJECT, "src", file));
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`src/${file} is not a module of the project`);
    return checker.getExportsOfModule(module);
  }

  function declared(file: string, name: string): Named {
    const found = exportsOf(file).find((one) => one.name === name);
    if (found === undefined) throw new Error(`src/${file} does not export ${name}`);
    return (found.flags & ALIAS) === 0 ? found : checker.getAliasedSymbol(found);
  }

  return {
    typeOf(file, name) {
      const found = declared(file, name);
      const type = checker.getDeclaredTypeOfSymbol(found);
      return { doc: prose(found.getDocumentationComment(checker)), type };
    },
    valueOf(file, name) {
      const found = declared(file, name);
      return { doc: prose(found.getDocumentationComment(checker)), type: checker.getTypeOfSymbol(found)! };
    },
    has: (file) => program.getSourceFile(join(PROJECT, "src", file)) !== undefined,
    namesOf: (file) => exportsOf(file).map(({ name }) => name),
    parameterOf(type) {
      const [signature] = checker.getSignaturesOfType(type, CALL);
      return signature && checker.getParameterType(signature, 0);
    },
    membersOf: (type) =>
      checker.getPropertiesOfType(type).map((member) => ({
        name: member.name,
        isOptional: (member.flags & OPTIONAL) !== 0,
        doc: prose(member.getDocumentationComment(checker)),
        type: checker.getTypeOfSymbol(member)!,
      })),
    valuesOf: (type) => checker.getIndexInfosOfType(type)[0]?.valueType,
    itemsOf: (type) =>
      checker.isArrayLikeType(type) ? checker.getTypeArguments(type as never)[0] : undefined,
    partsOf: (type) =>
      (type.isUnionType() ? type.getTypes()! : [type]).filter(
        (part) => checker.typeToString(part) !== "undefined",
      ),
    nameOf(type) {
      const name = type.getAliasSymbol()?.name ?? type.getSymbol()?.name;
      return name !== undefined && /^[A-Z]\w+$/.test(name) ? name : undefined;
    },
    textOf: (type) => checker.typeToString(type, undefined, 1),
    close: () => {
      snapshot.dispose();
      api.close();
    },
  };
}

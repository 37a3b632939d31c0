/** Reads a value as a validator has it: its types, as Convex checks them, and the keywords of its fields. */
import type { GenericValidator, Infer, Validator } from "convex/values";
import type { Issue } from "../base/argumentIssues";
import { keywordsOf, type AnyKeywords } from "./field";
import { limitProblems } from "./limits";

type Path = Issue["path"];
type AnyValidator = Validator<unknown, "required" | "optional", string>;
type Kind<K extends AnyValidator["kind"]> = Extract<AnyValidator, { kind: K }>;

/** A value as the function gets it, or what is wrong with it. */
export type Read<Value = unknown> =
  { readonly value: Value } | { readonly issues: readonly [Issue, ...Issue[]] };

const TYPES: Readonly<Record<string, string>> = {
  ...{ string: "string", id: "string", float64: "number", boolean: "boolean", null: "null" },
  ...{ array: "array", object: "object", record: "object", int64: "bigint", bytes: "bytes" },
};

const typeOf = (value: unknown): string => {
  if (value === null) return "null";
  if (value instanceof ArrayBuffer) return "bytes";
  return Array.isArray(value) ? "array" : typeof value;
};

/** The type that a value must have; that which it has, if any will do. */
const expectedOf = ({ kind }: GenericValidator, value: unknown): string =>
  TYPES[kind] ?? (kind === "any" && value === undefined ? kind : typeOf(value));

const wordOf = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value) : String(value);

/** Reads one value, and collects what is wrong with all that it holds. */
class Reading {
  readonly issues: Issue[] = [];

  read(validator: GenericValidator, value: unknown, path: Path): unknown {
    const expected = expectedOf(validator, value);
    if (typeOf(value) !== expected)
      return this.refuse(path, `Invalid input: expected ${expected}, received ${typeOf(value)}`);
    const keywords = keywordsOf(validator);
    const trims = typeof value === "string" && keywords.some(({ trim }) => trim);
    const meant = trims ? value.trim() : value;
    if (keywords.length > 0)
      this.refuse(path, ...limitProblems(meant, Object.assign({}, ...keywords) as AnyKeywords));
    const soFar = this.issues.length;
    const known = this.inner(validator as AnyValidator, meant, path);
    // A check may count on the types and the limits of all that the value holds.
    if (this.issues.length === soFar) this.check(keywords, known, path);
    return known;
  }

  private refuse(path: Path, ...messages: readonly string[]): unknown {
    this.issues.push(...messages.map((message) => ({ path, message })));
    return undefined;
  }

  private check(keywords: readonly AnyKeywords[], value: unknown, path: Path): void {
    for (const { check: [passes, says] = [] } of keywords)
      if (passes?.(value as never) === false) this.refuse(path, says ?? "");
  }

  private inner(validator: AnyValidator, value: unknown, path: Path): unknown {
    switch (validator.kind) {
      case "object":
        return this.object(validator, value as Readonly<Record<string, unknown>>, path);
      case "record":
        return this.record(validator, value as Readonly<Record<string, unknown>>, path);
      case "array":
        return (value as readonly unknown[]).map((one, index) =>
          this.read(validator.element, one, [...path, index]),
        );
      case "union":
        return this.union(validator.members, value, path);
      case "literal":
        return value === validator.value
          ? value
          : this.refuse(path, `Invalid input: expected ${wordOf(validator.value)}`);
      default:
        return value;
    }
  }

  private record(
    { key, value: member }: Kind<"record">,
    value: Readonly<Record<string, unknown>>,
    path: Path,
  ): unknown {
    const given = Object.entries(value).filter(([, one]) => one !== undefined);
    return Object.fromEntries(
      given.map(([name, one]) => {
        const at = [...path, name];
        this.read(key as GenericValidator, name, at);
        return [name, this.read(member as GenericValidator, one, at)];
      }),
    );
  }

  private object(
    { fields }: Kind<"object">,
    value: Readonly<Record<string, unknown>>,
    path: Path,
  ): unknown {
    const given = (name: string) => (Object.hasOwn(value, name) ? value[name] : undefined);
    const known = (Object.entries(fields) as [string, GenericValidator][]).filter(
      ([name, { isOptional }]) => isOptional === "required" || given(name) !== undefined,
    );
    const read = known.map(([name, one]) => [name, this.read(one, given(name), [...path, name])]);
    // Convex leaves out what is undefined.
    const unknown = Object.keys(value).filter(
      (name) => !Object.hasOwn(fields, name) && value[name] !== undefined,
    );
    if (unknown.length > 0)
      this.refuse(
        path,
        `Unrecognized key${unknown.length > 1 ? "s" : ""}: ${unknown.map(wordOf).join(", ")}`,
      );
    return Object.fromEntries(read);
  }

  private union(members: readonly GenericValidator[], value: unknown, path: Path): unknown {
    const reads = members.map((member) => readOf(member, value, path));
    const fitting = reads.find((read) => "value" in read);
    if (fitting !== undefined) return fitting.value;
    const others = members.filter(({ kind }) => kind !== "null");
    const [only] = others;
    if (only !== undefined && others.length === 1) return this.read(only, value, path);
    const options = (members as AnyValidator[]).flatMap((member) =>
      member.kind === "literal" ? [wordOf(member.value)] : [],
    );
    return this.refuse(
      path,
      options.length === members.length
        ? `Invalid option: expected one of ${options.join("|")}`
        : "Invalid input",
    );
  }
}

const readOf = (validator: GenericValidator, value: unknown, path: Path): Read => {
  const reading = new Reading();
  const read = reading.read(validator, value, path);
  const [issue, ...more] = reading.issues;
  return issue === undefined ? { value: read } : { issues: [issue, ...more] };
};

/**
 * Reads a value that came as JSON, such as a line of a file. Texts of fields with `trim` are trimmed, at any depth; all else stays as it
 * is, and so do the names in a record, which are checked. `v.int64()` and `v.bytes()` have no JSON form, and whether there is a row of a `v.id()` is not checked.
 *
 * @returns the value, or what is wrong with it: paths that lead there, and phrases.
 */
export const read = <V extends GenericValidator>(validator: V, value: unknown): Read<Infer<V>> =>
  readOf(validator, value, []);

/** Makes the entries of a registry from their lines. It runs in the child process. */

export type Members = Readonly<Record<string, unknown>>;

export const membersOf = (value: unknown): Members =>
  (typeof value === "object" || typeof value === "function") && value !== null
    ? (value as Members)
    : {};

/** A tool, a resource or a prompt as its line states it. */
export interface Entry {
  /** Of a resource, its URI. */
  readonly name: string;
  /** `erp/orders:list`. So are the functions that other fields name. */
  readonly function: string;
  readonly [field: string]: unknown;
}

/** What is wrong with the form of a definition. */
export interface Flaw {
  readonly where: string;
  readonly what: string;
  readonly fix?: string | undefined;
}

export interface Made {
  readonly entries: readonly Entry[];
  readonly flaws: readonly Flaw[];
}

const FUNCTION_NAME = Symbol.for("functionName");

/** The name of a function that a reference names; empty for anything else. Convex leaves `:default` out. */
export const nameOf = (reference: unknown): string => {
  const { [FUNCTION_NAME]: name } = membersOf(reference) as { [FUNCTION_NAME]?: unknown };
  if (typeof name !== "string") return "";
  return name.includes(":") ? name : `${name}:default`;
};

/** A value with the name of each function in the place of its reference. */
const named = (value: unknown): unknown => {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return nameOf(value) || (isObject ? withNames(value as Members) : value);
};

const withNames = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).map(([key, one]) => [key, named(one)]));

const NO_FUNCTION = {
  what: "its line binds no function",
  fix: "Bind a reference, such as api.notes.list, and return what tool.query and the like make of it.",
};

const makeOne = (where: string, line: unknown): Entry | Flaw => {
  if (typeof line !== "function")
    return { where, what: "its line is no function", fix: "Write () => behind its name." };
  try {
    const { ref, ...fields } = membersOf((line as () => unknown)());
    const name = nameOf(ref);
    if (name === "") return { where, ...NO_FUNCTION };
    return { ...withNames(fields), name: where, function: name };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { where, what: `its line cannot be evaluated: ${why}` };
  }
};

/** Makes all entries of one kind. Of a line that makes none it says why. */
export const madeFrom = (lines: unknown): Made => {
  const all = Object.entries(membersOf(lines)).map(([name, line]) => makeOne(name, line));
  const isEntry = (one: Entry | Flaw): one is Entry => "function" in one;
  return { entries: all.filter(isEntry), flaws: all.filter((one) => !isEntry(one)) as Flaw[] };
};

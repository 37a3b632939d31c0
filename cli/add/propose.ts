/** Proposes tools from the functions of an app. */
import type { ValidatorJSON } from "convex/values";
import type { App, AppFunction } from "../app/app";
import { filledInBy, type Fields } from "../../src/catalog/reserved";
import { toJsonSchema, type JsonSchema } from "../../src/catalog/jsonSchema";
import type { Definition } from "../app/definition";
import type { Told } from "../app/reach";
import { PLACEHOLDER } from "../check/report";
import { permissionName, taskOf, toolName } from "./names";
import { hintsFor, isReading, type Hints } from "./verbs";

/** A line that tools.ts could have. */
export interface Proposal extends Partial<Hints> {
  readonly name: string;
  /** `erp/orders:list` */
  readonly function: string;
  readonly kind: AppFunction["kind"];
  readonly visibility: AppFunction["visibility"];
  readonly permission: string;
  readonly description: string;
  /** The arguments that clients send, as JSON Schema. */
  readonly arguments: JsonSchema;
  /** What the line must state of the function's arguments: `principal`, `job`, `input`, `paginated`, `idempotencyKey`. */
  readonly states: readonly string[];
  /** Whether the function, or what it calls in the app, reads the identity of a signed-in user. */
  readonly readsIdentity: boolean;
  /** Whether it runs other functions, which do not get the identity that `asUser` gives. */
  readonly runsFunctions: boolean;
}

/** A function that cannot be a tool. */
export interface Unfit {
  readonly function: string;
  readonly why: string;
}

const fullName = ({ module, name }: AppFunction): string => `${module}:${name}`;

/** The declared arguments, or why a client could not send them. */
const fieldsOf = ({ args, visibility }: AppFunction): Fields | string => {
  const validator = JSON.parse(args) as ValidatorJSON;
  if (validator.type !== "object") return "it declares no args";
  const fields = validator.value;
  const filled = filledInBy(fields);
  if (filled.length > 0 && visibility === "public")
    return `it is public, so anyone can call it with a ${filled.join(" and a ")} of their own: make it internal`;
  for (const [name, { fieldType }] of Object.entries(fields)) {
    try {
      toJsonSchema(fieldType, "arguments");
    } catch (error) {
      return `argument ${name}: ${(error as Error).message}`;
    }
  }
  return fields;
};

const statesOf = (fields: Fields, kind: AppFunction["kind"]): string[] => [
  ...filledInBy(fields),
  ...(isPaginated(fields) ? ["paginated"] : []),
  ...(kind !== "query" && Object.hasOwn(fields, "idempotencyKey") ? ["idempotencyKey"] : []),
];

/** Without those that the server fills in. */
const argumentsOf = (fields: Fields): JsonSchema => {
  const filled: readonly string[] = filledInBy(fields);
  const own = Object.entries(fields).filter(([name]) => !filled.includes(name));
  return toJsonSchema({ type: "object", value: Object.fromEntries(own) }, "arguments");
};

const isPaginated = (fields: Fields): boolean => {
  const { fieldType } = fields.paginationOpts ?? {};
  return (
    fieldType?.type === "object" && "numItems" in fieldType.value && "cursor" in fieldType.value
  );
};

const placeholder = (name: string): string =>
  `${PLACEHOLDER} say what ${name} does and when to use it.`;

const propose = (
  fn: AppFunction,
  { doc, readsIdentity, runsFunctions }: Told,
  fields: Fields,
  taken: ReadonlySet<string>,
): Proposal => {
  const { module, kind, visibility } = fn;
  const name = toolName(module, fn.name, taken);
  const [verb = ""] = taskOf(module, fn.name);
  return {
    name,
    ...{ function: fullName(fn), kind, visibility },
    permission: permissionName(module, isReading(kind, verb) ? "read" : "write"),
    ...(kind === "query" ? {} : hintsFor(kind, verb)),
    description: doc ?? placeholder(name),
    arguments: argumentsOf(fields),
    states: statesOf(fields, kind),
    // One that asUser has made, or that takes its caller from the server, has whom it asks for.
    readsIdentity: readsIdentity && !filledInBy(fields).includes("principal"),
    runsFunctions,
  };
};

export interface Proposals {
  readonly proposals: readonly Proposal[];
  readonly unfit: readonly Unfit[];
}

/** The library's own tools, which `add` binds with the first action. */
export const JOB_TOOLS = ["jobs_get", "jobs_cancel"] as const;

/**
 * Proposes a tool for each function of the app that is none yet.
 *
 * @param dir - the folder of the glue, whose own functions are no tools.
 * @param definition - the tools that there are.
 */
export const proposeAll = (
  app: App,
  dir: string,
  definition: Definition | undefined,
): Proposals => {
  const { tools = [] } = definition ?? {};
  const bound = new Set(tools.map((entry) => entry.function));
  const taken = new Set<string>([...JOB_TOOLS, ...tools.map(({ name }) => name)]);
  const proposals: Proposal[] = [];
  const unfit: Unfit[] = [];
  for (const fn of app.functions) {
    if (fn.module.startsWith(`${dir}/`) || bound.has(fullName(fn))) continue;
    const fields = fieldsOf(fn);
    if (typeof fields === "string") {
      unfit.push({ function: fullName(fn), why: fields });
      continue;
    }
    const proposal = propose(fn, app.tell(fn), fields, taken);
    taken.add(proposal.name);
    proposals.push(proposal);
  }
  return { proposals, unfit };
};

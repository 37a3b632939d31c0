/**
 * The JSON schemas of the four revisions, as the pinned conformance suite carries them: it checks its own traffic by them, but
 * exports nothing. Each is an object literal in its bundle, and each revision is known by a definition that it alone has first.
 */
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { parseExpressionAt } from "acorn";
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";

export type Revision = "2025-03-26" | "2025-06-18" | "2025-11-25" | "2026-07-28";

interface Schema {
  readonly $schema: string;
  readonly $defs?: Record<string, unknown>;
  readonly definitions?: Record<string, unknown>;
}

const definitionsOf = ({ $defs, definitions = {} }: Schema) => $defs ?? definitions;

/** The newest first. */
const marks: readonly [Revision, string][] = [
  ["2026-07-28", "DiscoverResult"],
  ["2025-11-25", "CreateTaskResult"],
  ["2025-06-18", "ElicitResult"],
  ["2025-03-26", "JSONRPCBatchResponse"],
];

const bundle = new URL(
  "../../../node_modules/@modelcontextprotocol/conformance/dist/index.js",
  import.meta.url,
);

const readSchemas = (): Map<Revision, Schema> => {
  const source = readFileSync(bundle, "utf8");
  const found = new Map<Revision, Schema>();
  for (const { index } of source.matchAll(
    /\{\$schema:`[^`]+`,(?:\$defs|definitions):\{Annotations/g,
  )) {
    const parsed = parseExpressionAt(source, index, { ecmaVersion: "latest" });
    // The bundle declares one variable after the other, which reads like a sequence from here.
    const { start, end } = parsed.type === "SequenceExpression" ? parsed.expressions[0]! : parsed;
    const schema = runInNewContext(`(${source.slice(start, end)})`) as Schema;
    const mark = marks.find(([, name]) => name in definitionsOf(schema));
    if (mark !== undefined) found.set(mark[0], schema);
  }
  return found;
};

const options = { strict: false, validateFormats: false };

/** The definitions of one revision. */
export interface Definitions {
  readonly has: (name: string) => boolean;
  /** The definition of the request or notification with this method, if there is one. */
  readonly ofMethod: (method: string) => string | undefined;
  readonly validator: (name: string) => ValidateFunction;
}

const methodIn = (definition: unknown): string | undefined =>
  (definition as { properties?: { method?: { const?: string } } }).properties?.method?.const;

const compile = (schema: Schema): Definitions => {
  const [ajv, at] =
    schema.$defs === undefined
      ? [new Ajv(options), "definitions"]
      : [new Ajv2020(options), "$defs"];
  ajv.addSchema(schema, "mcp");
  const all = definitionsOf(schema);
  const methods = new Map(Object.keys(all).map((name) => [methodIn(all[name]), name]));
  return {
    has: (name) => name in all,
    ofMethod: (method) => methods.get(method),
    validator: (name) => {
      const validate = ajv.getSchema(`mcp#/${at}/${name}`);
      if (validate === undefined) throw new Error(`The schema has no ${name}`);
      return validate;
    },
  };
};

let schemas: Map<Revision, Schema> | undefined;
const compiled = new Map<Revision, Definitions>();

/** @throws Error if the suite no longer carries the schema where it was. */
export const definitions = (revision: Revision): Definitions => {
  const known = compiled.get(revision);
  if (known !== undefined) return known;
  schemas ??= readSchemas();
  const schema = schemas.get(revision);
  if (schema === undefined) throw new Error(`The suite carries no schema of ${revision}`);
  const made = compile(schema);
  compiled.set(revision, made);
  return made;
};

/** Explains what is wrong with a tool's arguments, so that a model can correct itself: the path, the expected value, the value sent. */
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { cut, quoted, withoutKeys } from "../base/text";
import type { JsonSchema } from "./jsonSchema";

type Path = readonly PropertyKey[];

const follow = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, step) =>
      typeof at === "object" && at !== null
        ? (at as Record<PropertyKey, unknown>)[step]
        : undefined,
    value,
  );

/** Returns the part of the schema that describes the value at a path. */
const schemaAt = (schema: JsonSchema, path: Path): JsonSchema => {
  const steps = path.flatMap((step) =>
    typeof step === "number" ? ["items"] : ["properties", step],
  );
  return (follow(schema, steps) as JsonSchema | undefined) ?? {};
};

/** Returns the property names that the schema has at a path. */
const namesAt = (schema: JsonSchema, path: Path): string[] =>
  Object.keys((schemaAt(schema, path).properties as object | undefined) ?? {});

const show = (value: unknown): string => {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) return "nothing";
  const text = withoutKeys(json);
  return text.length > 80 ? `${cut(text, 80)}…` : text;
};

/** The most problems that are reported. It also bounds the work, which runs in a transaction. */
const MAX_PROBLEMS = 10;

/** The longest name that is compared with others, in characters. */
const MAX_NAME = 64;

/** Returns a hint if one of `known` is close to the text that was sent; otherwise an empty text. */
const nearest = (sent: string, known: readonly string[]): string => {
  if (known.length === 0 || sent.length > MAX_NAME) return "";
  const near = closest(sent.toLowerCase(), known);
  return distance(sent.toLowerCase(), near.toLowerCase()) <= Math.max(2, near.length / 2)
    ? `; did you mean ${show(near)}?`
    : "";
};

const unknownNames = (
  issue: z.core.$ZodIssueUnrecognizedKeys,
  schema: JsonSchema,
  prefix: string,
): string[] => {
  const known = namesAt(schema, issue.path);
  const list = known.length === 0 ? "none" : known.join(", ");
  return issue.keys
    .slice(0, MAX_PROBLEMS)
    .map(
      (key) =>
        `${prefix}${quoted(key, 80)}: no such argument${nearest(key, known) || "."} Known arguments: ${list}`,
    );
};

const expectation = (issue: z.core.$ZodIssue, { type }: JsonSchema): string => {
  switch (issue.code) {
    case "invalid_type":
      // The schema's type is better than zod's, which calls an integer a number.
      return `expected ${typeof type === "string" ? type : issue.expected}`;
    case "invalid_value":
      return `expected one of ${issue.values.map(show).join(", ")}`;
    case "invalid_format":
      return issue.format === "regex"
        ? `expected a match of ${issue.pattern ?? "a pattern"}`
        : `expected ${issue.format}`;
    default:
      return issue.message;
  }
};

const sentence = (issue: z.core.$ZodIssue, schema: JsonSchema, args: unknown): string[] => {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys")
    return unknownNames(issue, schema, path === "" ? "" : `${path}.`);
  const got = follow(args, issue.path);
  if (got === undefined)
    return [`${path}: missing, ${expectation(issue, schemaAt(schema, issue.path))}`];
  const hint =
    issue.code === "invalid_value" && typeof got === "string"
      ? nearest(
          got,
          issue.values.filter((v) => typeof v === "string"),
        )
      : "";
  return [`${path}: ${expectation(issue, schemaAt(schema, issue.path))}, got ${show(got)}${hint}`];
};

/**
 * Checks arguments against a tool's `inputSchema`.
 *
 * @returns a sentence per problem, at most 10; none if the arguments fit.
 */
export const explain = (schema: JsonSchema, args: unknown): string[] => {
  const parsed = z.fromJSONSchema(schema).safeParse(args);
  const sentences =
    parsed.error?.issues
      .slice(0, 2 * MAX_PROBLEMS)
      .flatMap((issue) => sentence(issue, schema, args)) ?? [];
  // A format and its pattern give two issues for one fault. The model should see one.
  const firstPerPath = new Map(
    sentences.map((text) => [text.slice(0, text.indexOf(":")), text]).reverse() as [
      string,
      string,
    ][],
  );
  return [...firstPerPath.values()].reverse().slice(0, MAX_PROBLEMS);
};

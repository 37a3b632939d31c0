/** Makes a tool's `inputSchema` from the function's own validators, so that nobody writes it twice. */
import type { ValidatorJSON } from "convex/values";
import { idempotencyKeyPattern } from "../data/idempotencyKey";
import { validatorsOf } from "../fields/checked";
import type { Tool } from "../registry/tools";
import { withTypes } from "./alongside";
import { withDescriptions } from "./descriptions";
import type { RegisteredFunction } from "./functions";
import { toJsonSchema, type JsonSchema } from "./jsonSchema";
import { zodShapeOf } from "./keepZod";
import { withKeywords } from "./keywords";
import { ownSchemaOf } from "./ownSchema";
import { checkPage, withPage } from "./paging";
import { withParamHeaders } from "./paramHeaders";
import { ownFields, type Fields } from "./reserved";
import { requireNames, shown, shownShort } from "./shown";
import { objectOf, zodSchema } from "./zodSchema";

/** What a model must know of the key. It stands in each tool that writes, so it is short: the instructions of the server say more. */
const shownKey: JsonSchema = {
  type: "string",
  description: "8 or more random characters, new for each change. The same again to retry.",
};

const idempotencyKey: JsonSchema = { ...shownKey, pattern: idempotencyKeyPattern };

/** The key is checked before the function runs, so its pattern need not stand in each tool. */
const withShortKey = (schema: JsonSchema): JsonSchema => {
  const properties = schema.properties as JsonSchema;
  return properties.idempotencyKey === idempotencyKey
    ? { ...schema, properties: { ...properties, idempotencyKey: shownKey } }
    : schema;
};

/** Returns the declared arguments. A function without `args` would accept anything that a client sends. */
const fieldsOf = (fn: RegisteredFunction, name: string): Fields => {
  const validator = JSON.parse(fn.exportArgs()) as ValidatorJSON;
  if (validator.type !== "object")
    throw new Error(`Tool ${name}: its function must declare \`args\``);
  return validator.value;
};

interface Properties {
  readonly properties: JsonSchema;
  readonly required: readonly string[];
}

const argumentSchema = (tool: string, name: string, fieldType: ValidatorJSON): JsonSchema => {
  try {
    return toJsonSchema(fieldType, "arguments");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "it has no JSON form";
    throw new Error(`Tool ${tool}: argument ${name}: ${why}`, { cause });
  }
};

/** @param validators - those that may have keywords. */
const plainProperties = (
  tool: string,
  fields: Fields,
  validators: Readonly<Record<string, object>> = {},
): Properties => {
  const entries = Object.entries(fields);
  const schemaOf = (name: string, fieldType: ValidatorJSON): JsonSchema => {
    const schema = argumentSchema(tool, name, fieldType);
    return Object.hasOwn(validators, name) ? withKeywords(schema, validators[name] ?? {}) : schema;
  };
  return {
    properties: Object.fromEntries(
      entries.map(([name, { fieldType }]) => [name, schemaOf(name, fieldType)]),
    ),
    required: entries.filter(([, { optional }]) => !optional).map(([name]) => name),
  };
};

/**
 * zod has the descriptions, ranges and formats. The validator fills in a type that zod cannot express, such as an id. An argument that the
 * function's builder takes has a validator only.
 */
const zodProperties = (tool: string, shape: object, fields: Fields): Properties => {
  const schema = zodSchema(objectOf(shape), "input") as Partial<Properties>;
  const known = schema.properties ?? {};
  const properties = Object.entries(known).map(([name, property]) => {
    const { fieldType = { type: "any" } as const } = fields[name] ?? {};
    const typed = withTypes(property as JsonSchema, argumentSchema(tool, name, fieldType));
    return [name, typed] as const;
  });
  const others = Object.entries(fields).filter(([name]) => !Object.hasOwn(known, name));
  const rest = plainProperties(tool, Object.fromEntries(others));
  return {
    properties: { ...Object.fromEntries(properties), ...rest.properties },
    required: [...(schema.required ?? []), ...rest.required],
  };
};

/**
 * Makes the schema of the arguments that a client may send. It allows no other members, leaves out the arguments that the server fills
 * in, and adds `idempotencyKey` if the tool writes and its function has none of its own.
 *
 * @param name - of the tool, for error messages.
 * @throws Error that names the tool if its function declares no `args` or takes a type that JSON cannot carry, if its line does not
 * state what the function declares, or if it describes an argument that there is not.
 */
export const validatedSchema = (name: string, tool: Tool, fn: RegisteredFunction): JsonSchema => {
  const declared = fieldsOf(fn, name);
  const fields = ownFields(name, tool, fn, declared);
  checkPage(name, tool, fields);
  const shape = zodShapeOf(fn);
  const own = shape
    ? zodProperties(name, shape, fields)
    : plainProperties(name, fields, validatorsOf(fn)?.args.fields);
  const properties = withPage(tool, own.properties);
  const required = own.required.filter((argument) => Object.hasOwn(properties, argument));
  const schema = {
    type: "object",
    properties:
      tool.kind === "query" || tool.idempotencyKey === true
        ? properties
        : { ...properties, idempotencyKey },
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
  return withDescriptions(name, tool.arguments ?? {}, schema);
};

/**
 * Makes the schema that clients see. It is the schema from `withInputSchema` if the function has one, otherwise `validatedSchema`.
 * Headers that repeat arguments are added, and what some clients refuse is left out.
 *
 * @throws Error as `validatedSchema`, `requireNames` and `withParamHeaders` do, and if the schema from `withInputSchema` does not describe an object.
 */
export const inputSchema = (name: string, tool: Tool, fn: RegisteredFunction): JsonSchema => {
  const validated = validatedSchema(name, tool, fn);
  const own = ownSchemaOf(fn);
  if (own !== undefined && own.type !== "object")
    throw new Error(`Tool ${name}: its schema must be of an object`);
  const schema = own === undefined ? shownShort(withShortKey(validated)) : shown(own);
  requireNames(name, schema);
  return withParamHeaders(name, tool, schema);
};

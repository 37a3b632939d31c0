/**
 * Forms for the user: flat objects of texts, numbers, booleans and choices, as JSON Schema.
 *
 * @see MCP 2026-07-28 schema, `ElicitRequestFormParams` and `PrimitiveSchemaDefinition`
 */
import { v, type GenericValidator, type VObject } from "convex/values";
import { field } from "../fields/field";
import { isFormat } from "../base/formats";
import type { InputRequest } from "./request";

interface Choice {
  readonly const: string;
}

interface FormField {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Choice[];
  readonly anyOf?: readonly Choice[];
  readonly items?: FormField;
  readonly format?: string;
  readonly default?: unknown;
}

interface Form {
  readonly properties?: Readonly<Record<string, FormField>>;
  readonly required?: readonly string[];
}

const choicesOf = ({ enum: values, oneOf, anyOf }: FormField): readonly string[] | undefined =>
  values ?? (oneOf ?? anyOf)?.map((choice) => choice.const);

/** @throws Error that names the field if MCP has no such field. Its limits are keywords as `field` takes them. */
const validatorOf = (name: string, { default: _usual, ...one }: FormField): GenericValidator => {
  const choices = choicesOf(one);
  if (choices !== undefined) return v.union(...choices.map((choice) => v.literal(choice)));
  if (one.format !== undefined && !isFormat(one.format))
    throw new Error(`The form's field "${name}": MCP has no format "${one.format}"`);
  switch (one.type) {
    case "string":
      return field(v.string(), one as object);
    case "integer":
    case "number":
      return field(v.number(), one as object);
    case "boolean":
      return v.boolean();
    case "array":
      return field(v.array(validatorOf(name, one.items ?? {})), one as object);
    default:
      throw new Error(`The form's field "${name}": MCP has no field of this kind in a form`);
  }
};

/**
 * Returns the validator of what a user fills in.
 *
 * @throws Error that names the field if a form cannot have it.
 */
export const formValidator = (form: unknown): VObject<unknown, Record<string, never>> => {
  const { properties = {}, required = [] } = form as Form;
  const fields = Object.entries(properties).map(([name, one]) => {
    const validator = validatorOf(name, one) as ReturnType<typeof v.any>;
    return [name, required.includes(name) ? validator : v.optional(validator)] as const;
  });
  const others = required.filter((name) => !Object.hasOwn(properties, name));
  const unnamed = others.map((name) => [name, v.any()] as const);
  return v.object(Object.fromEntries([...fields, ...unnamed])) as never;
};

/** @throws Error as `formValidator` does, for a request that shows a form. */
export const requireForm = ({ method, params }: InputRequest): void => {
  if (method === "elicitation/create" && params.mode !== "url")
    formValidator(params.requestedSchema ?? {});
};

/** Returns what stands in a form before the user fills it in. */
export const defaultsOf = (form: unknown): Record<string, unknown> => {
  const entries = Object.entries((form as Form).properties ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, { default: usual }]) => (usual === undefined ? [] : [[name, usual]])),
  );
};

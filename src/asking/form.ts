/**
 * Forms for the user: flat objects of texts, numbers, booleans and choices, as JSON Schema.
 *
 * @see MCP 2026-07-28 schema, `ElicitRequestFormParams` and `PrimitiveSchemaDefinition`
 */
import { v, type GenericValidator, type VObject } from "convex/values";
import { isFormat } from "../base/formats";
import { limited, requireKnown, type Schema } from "./keywords";
import type { InputRequest } from "./request";

interface FormField extends Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: FormField;
  readonly format?: string;
}

interface Form extends Schema {
  readonly properties?: Readonly<Record<string, FormField>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | object;
}

type Choice = string | number | boolean;

const unknownKind = (where: string) =>
  new Error(`${where}: MCP has no field of this kind in a form`);

/** Returns what may be chosen: what every list of choices has. Undefined if the field has none. */
const choicesOf = (where: string, one: FormField): readonly Choice[] | undefined => {
  const titled = [one.oneOf, one.anyOf].map((choices) =>
    choices?.map((choice) => {
      requireKnown(where, choice, ["type", "const"]);
      return choice.const;
    }),
  );
  const single = one.const === undefined ? undefined : [one.const];
  const lists = [single, one.enum, ...titled].filter((list) => list !== undefined);
  if (lists.length === 0) return undefined;
  if (!lists.flat().every((choice) => ["string", "number", "boolean"].includes(typeof choice)))
    throw unknownKind(where);
  return lists.reduce((all, list) => all.filter((choice) => list.includes(choice))) as Choice[];
};

const validatorOfType = (name: string, where: string, one: FormField): GenericValidator => {
  switch (one.type) {
    case "string":
      return v.string();
    case "integer":
    case "number":
      return v.number();
    case "boolean":
      return v.boolean();
    case "array":
      return v.array(validatorOf(name, one.items ?? {}) as ReturnType<typeof v.any>);
    default:
      throw unknownKind(where);
  }
};

/** @throws Error that names the field if MCP has no such field, or if it has a keyword that is not checked. */
const validatorOf = (name: string, one: FormField): GenericValidator => {
  const where = `The form's field "${name}"`;
  if (typeof one.format === "string" && !isFormat(one.format))
    throw new Error(`${where}: MCP has no format "${one.format}"`);
  const choices = choicesOf(where, one);
  const plain =
    choices === undefined
      ? validatorOfType(name, where, one)
      : v.union(...choices.map((choice) => v.literal(choice)));
  requireKnown(where, one, ["type", "const", "enum", "oneOf", "anyOf", "items"]);
  return limited(plain, one);
};

const requireKnownForm = ({ additionalProperties: more, ...form }: Form): void => {
  const isTyped = typeof more === "object" && Object.keys(more).length > 0;
  requireKnown("The form", isTyped ? { ...form, additionalProperties: more } : form, [
    ...["type", "properties", "required"],
  ]);
};

/** Whether an answer may have members that the form does not name. */
export const isOpen = (form: unknown): boolean => (form as Form).additionalProperties !== false;

/**
 * Returns the validator of what a user fills in.
 *
 * @throws Error that names the field if a form cannot have it, and the keyword that would not be checked.
 */
export const formValidator = (form: unknown): VObject<unknown, Record<string, never>> => {
  requireKnownForm(form as Form);
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

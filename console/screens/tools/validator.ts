/** Checks a form's data with @cfworker/json-schema, which needs no `eval`, in the words that @rjsf/core expects. */
import { Validator, type OutputUnit, type Schema } from "@cfworker/json-schema";
import type {
  ErrorSchema,
  RJSFSchema,
  RJSFValidationError,
  ValidationData,
  ValidatorType,
} from "@rjsf/utils";

const check = (schema: RJSFSchema, data: unknown): OutputUnit[] =>
  new Validator(schema as Schema, "2020-12", false).validate(data).errors;

/** Says only that something below is wrong, which has an entry of its own. */
const ABOVE = new Set([
  "properties",
  "items",
  "prefixItems",
  "allOf",
  "$ref",
  "additionalProperties",
]);

const MISSING = /required property "(.+?)"/;

/** `#/lines/0/quantity` → `["lines", "0", "quantity"]`. A missing member is named by the keyword, and is the place. */
const placeOf = ({ instanceLocation, keyword, error }: OutputUnit): string[] => {
  const path = instanceLocation
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const missing = keyword === "required" ? MISSING.exec(error)?.[1] : undefined;
  return missing === undefined ? path : [...path, missing];
};

/** The end of a sentence that begins with the name of the field. */
const sayOf = ({ keyword, error }: OutputUnit): string => {
  const [, expected] = /Expected (.+)\.$/.exec(error) ?? [];
  if (keyword === "required") return "is required";
  if (keyword === "false") return "is unknown";
  if (keyword === "type" && expected !== undefined)
    return `must be ${expected.replaceAll('"', "")}`;
  if (keyword === "enum") return `must be one of ${error.slice(error.indexOf("["), -1)}`;
  if (keyword === "pattern") return "does not have the form that is asked for";
  return error.replace(/^(String|Array|Instance|Object|-?[\d.e+]+) /, "").replace(/\.$/, "");
};

const toError = (unit: OutputUnit): RJSFValidationError => {
  const place = placeOf(unit);
  const message = sayOf(unit);
  return {
    name: unit.keyword,
    message,
    property: place.length === 0 ? "." : `.${place.join(".")}`,
    stack: `${place.join(".") || "the arguments"} ${message}`,
  };
};

const put = (schema: ErrorSchema, place: readonly string[], message: string): void => {
  let at = schema as Record<string, unknown>;
  for (const step of place) at = (at[step] ??= {}) as Record<string, unknown>;
  at.__errors = [...((at.__errors as string[] | undefined) ?? []), message];
};

const errorsOf = (schema: RJSFSchema, data: unknown): OutputUnit[] =>
  check(schema, data).filter(({ keyword }) => !ABOVE.has(keyword));

const validateFormData = (data: unknown, schema: RJSFSchema): ValidationData<unknown> => {
  const units = errorsOf(schema, data ?? {});
  const errorSchema: ErrorSchema = {};
  for (const unit of units) put(errorSchema, placeOf(unit), sayOf(unit));
  return { errors: units.map(toError), errorSchema };
};

export const validator: ValidatorType = {
  validateFormData,
  isValid: (schema, data, root) => check({ ...root, ...schema }, data).length === 0,
  rawValidation: (schema, data) => ({ errors: check(schema, data) as never[] }),
};

/** What is wrong with arguments that were written as JSON, a line each. */
export const faultsOf = (schema: object, data: unknown): string[] =>
  errorsOf(schema as RJSFSchema, data).map((unit) => toError(unit).stack);

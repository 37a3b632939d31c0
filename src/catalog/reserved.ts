/** Tells the arguments that the server fills in from those of the function's own, which may have the same names. */
import type { PropertyValidators, ValidatorJSON } from "convex/values";
import { internalQueryGeneric } from "convex/server";
import { canonicalJson } from "../base/digest";
import { filledIn, inputValidator, jobValidator, type FilledIn } from "../data/arguments";
import { principalValidator } from "../data/principal";
import type { Tool } from "../registry/tools";
import type { RegisteredFunction } from "./functions";

/** The declared arguments of a function, as it exports them. */
export type Fields = Extract<ValidatorJSON, { type: "object" }>["value"];

const library = (): Readonly<Record<FilledIn, ValidatorJSON>> => {
  const args: PropertyValidators = {
    ...{ principal: principalValidator(), job: jobValidator(), input: inputValidator() },
  };
  const probe = internalQueryGeneric({ args, handler: () => null });
  const { value } = JSON.parse((probe as unknown as RegisteredFunction).exportArgs()) as {
    readonly value: Fields;
  };
  return Object.fromEntries(
    Object.entries(value).map(([name, { fieldType }]) => [name, fieldType]),
  ) as Record<FilledIn, ValidatorJSON>;
};

/** Whether an argument was built with the library's validator, alone or as a member of a union. */
const isLibrarys = (fieldType: ValidatorJSON, validator: ValidatorJSON): boolean =>
  fieldType.type === "union"
    ? fieldType.value.some((member) => isLibrarys(member, validator))
    : canonicalJson(fieldType) === canonicalJson(validator);

/** Returns the arguments of a function that were built with the library's validators, and that the server therefore fills in. */
export const filledInBy = (declared: Fields): FilledIn[] => {
  const validators = library();
  return filledIn.filter((name) => {
    const field = Object.hasOwn(declared, name) ? declared[name] : undefined;
    return field !== undefined && isLibrarys(field.fieldType, validators[name]);
  });
};

/** What is wrong with a line, or its function, about one argument that the server fills in; undefined if nothing is. */
const faultOf = (
  argument: FilledIn,
  tool: Tool,
  { isPublic }: RegisteredFunction,
  isFilled: boolean,
): string | undefined => {
  if (isFilled && isPublic === true)
    return `its function is public, so anyone can call it with a \`${argument}\` of their own. Make it internal.`;
  return isFilled === (tool[argument] === true)
    ? undefined
    : `state \`${argument}: true\` exactly if its function declares \`${argument}: ${argument}Validator()\``;
};

const KEY =
  "state `idempotencyKey: true` exactly if it writes and its function declares an `idempotencyKey` argument";

/**
 * Returns the arguments that a client may send: all but those that the server fills in.
 *
 * @param name - of the tool, for error messages.
 * @throws Error that names the tool if its line does not state exactly what the function declares, or if the function is public and
 * takes an argument from the server: anyone could call it with one of their own.
 */
export const ownFields = (
  name: string,
  tool: Tool,
  fn: RegisteredFunction,
  declared: Fields,
): Fields => {
  const filled = filledInBy(declared);
  const fields = new Map(Object.entries(declared));
  for (const argument of filledIn) {
    const isFilled = filled.includes(argument);
    const fault = faultOf(argument, tool, fn, isFilled);
    if (fault !== undefined) throw new Error(`Tool ${name}: ${fault}`);
    if (isFilled) fields.delete(argument);
  }
  const declaresKey = tool.kind !== "query" && fields.has("idempotencyKey");
  if (declaresKey !== (tool.idempotencyKey === true)) throw new Error(`Tool ${name}: ${KEY}`);
  return Object.fromEntries(fields);
};

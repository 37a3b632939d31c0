/** Makes functions keep to the keywords of their fields, and keeps the validators for the catalog: Convex exports only their types. */
import { v, type GenericValidator, type PropertyValidators, type VObject } from "convex/values";
import { argumentIssuesIn, lineOf, refusedArguments } from "../base/argumentIssues";
import { read } from "./read";

const validators = Symbol.for("toolgate.validators");

type Validators = GenericValidator | PropertyValidators;

interface Definition {
  readonly args?: Validators;
  readonly returns?: Validators;
  readonly handler: (ctx: unknown, args: unknown) => unknown;
}

interface Kept {
  readonly args: VObject<unknown, PropertyValidators>;
  readonly returns: GenericValidator | undefined;
}

const oneOf = (all: Validators): GenericValidator =>
  (all.isConvexValidator as unknown) === true
    ? (all as GenericValidator)
    : v.object(all as PropertyValidators);

/** Convex takes the arguments as an object. */
const objectOf = (all: Validators) => oneOf(all) as Kept["args"];

/**
 * What a customization adds to the arguments is passed on as it is: Convex has refused what is in no declaration.
 *
 * @throws ConvexError `invalid_arguments` with all that is wrong.
 */
const meant = (args: GenericValidator, sent: object): object => {
  const fields = args.kind === "object" ? (args as Kept["args"]).fields : sent;
  const isOwn = ([name]: [string, unknown]) => Object.hasOwn(fields, name);
  const known = read(args, Object.fromEntries(Object.entries(sent).filter(isOwn)));
  if ("issues" in known) throw refusedArguments(known.issues);
  return { ...sent, ...(known.value as object) };
};

/** The error to throw for one that the handler has thrown. What a function refuses that it calls is no fault of who called this one. */
const errorOf = (error: unknown): unknown => {
  const [issue] = argumentIssuesIn(error);
  if (issue === undefined) return error;
  const text = `A function that it calls refuses its arguments: ${lineOf(issue)}`;
  return new Error(text, { cause: error });
};

/** @throws Error. What a function returns is its own fault, and no caller's. */
const requireResult = (returns: GenericValidator | undefined, result: unknown): void => {
  const known = returns && read(returns, result ?? null);
  if (known && "issues" in known)
    throw new Error(`The result does not fit its definition: ${lineOf(known.issues[0])}`);
};

/**
 * Wraps a builder, such as `internalQuery` or one of convex-helpers' `customFunctions`, so that its functions check the keywords of their
 * fields, and the `inputSchema` of a tool shows them.
 *
 * The handler gets texts trimmed that say so. Its result is checked too: an integer is one.
 *
 * @returns a builder of the same type. It throws an Error if a function declares no `args`, because Convex would then validate nothing.
 * Its functions throw ConvexError `invalid_arguments`, which a tool explains like Convex's own refusal.
 */
export const checked = <Builder extends (definition: never) => object>(builder: Builder): Builder =>
  ((definition: Definition) => {
    if (definition.args === undefined) throw new Error("Declare `args`, even if it is `{}`.");
    const args = objectOf(definition.args);
    const returns = definition.returns && oneOf(definition.returns);
    const handler = async (ctx: unknown, sent: object) => {
      const known = meant(args, sent);
      let result: unknown;
      try {
        result = await definition.handler(ctx, known);
      } catch (error) {
        throw errorOf(error);
      }
      requireResult(returns, result);
      return result;
    };
    return Object.assign(builder({ ...definition, handler } as never), {
      [validators]: { args, returns } satisfies Kept,
    });
  }) as unknown as Builder;

/** Returns the validators of a function that was built through `checked`; undefined for any other function. */
export const validatorsOf = (fn: object): Kept | undefined =>
  (fn as { readonly [validators]?: Kept })[validators];

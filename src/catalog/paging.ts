/** Shows the page that a function takes as `cursor` and `limit`. */
import type { ValidatorJSON } from "convex/values";
import { PAGE } from "../data/arguments";
import type { Tool } from "../registry/tools";
import type { JsonSchema } from "./jsonSchema";
import type { Fields } from "./reserved";

const membersOf = (validator: ValidatorJSON): readonly ValidatorJSON[] =>
  validator.type === "union" ? validator.value.flatMap(membersOf) : [validator];

/** Whether a validator takes `{ numItems, cursor }`, as `paginationOptsValidator` does. */
const takesPage = (validator: ValidatorJSON): boolean =>
  membersOf(validator).some((member) => {
    if (member.type !== "object") return false;
    const { numItems, cursor, ...rest } = member.value;
    const types = cursor === undefined ? [] : membersOf(cursor.fieldType).map(({ type }) => type);
    return (
      numItems?.fieldType.type === "number" &&
      types.includes("string") &&
      types.includes("null") &&
      Object.values(rest).every(({ optional }) => optional)
    );
  });

const SHOWN: JsonSchema = {
  cursor: {
    type: "string",
    minLength: 1,
    description: "continueCursor of the page before. Leave it out for the first page.",
  },
  limit: {
    type: "integer",
    minimum: 1,
    maximum: PAGE.most,
    description: `How many rows. Default: ${String(PAGE.usual)}.`,
  },
};

/** Replaces a function's argument `paginationOpts` by those that a client sends. */
export const withPage = ({ paginated }: Tool, properties: JsonSchema): JsonSchema => {
  if (paginated !== true) return properties;
  const { paginationOpts: _page, ...rest } = properties;
  return { ...rest, ...SHOWN };
};

/**
 * Checks that the line states `paginated` exactly if the function takes a page.
 *
 * @param name - of the tool, for error messages.
 * @throws Error that names the tool if it does not, or if the function has an argument `cursor` or `limit` besides.
 */
export const checkPage = (name: string, { paginated }: Tool, fields: Fields): void => {
  const field = Object.hasOwn(fields, "paginationOpts") ? fields.paginationOpts : undefined;
  const isPaged = field !== undefined && takesPage(field.fieldType);
  if (isPaged !== (paginated === true))
    throw new Error(
      `Tool ${name}: state \`paginated: true\` exactly if its function declares \`paginationOpts: paginationOptsValidator\``,
    );
  const clash = Object.keys(SHOWN).find((argument) => Object.hasOwn(fields, argument));
  if (isPaged && clash !== undefined)
    throw new Error(
      `Tool ${name}: its function takes a page, which clients ask for by \`${clash}\`, and an argument of that name: give yours another name`,
    );
};

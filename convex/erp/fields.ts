/** Fields that several functions share. AI models read the descriptions. */
import { v } from "convex/values";
import { field, isSeen } from "../../src/entry/functions";

/** An id argument of 1 to 64 characters. Its form is not checked here: `ownRow` gives the same error for every wrong id. */
export const idArg = (of: string) =>
  field(v.string(), {
    minLength: 1,
    maxLength: 64,
    description: `Id of the ${of}, from another tool; not its number or name.`,
  });

/** What a caller must know of a text that is changed before it is used. Nothing that a caller sends is changed unsaid. */
const TRIMMED = "White space around it is removed.";

const trimmed = (maxLength: number, minLength = 1) =>
  ({ trim: true, minLength, maxLength }) as const;

/**
 * A text by which a row is looked up, such as a number. It is trimmed, and its description says so.
 *
 * @param about - what the text is, for the model.
 * @param most - characters.
 */
export const lookup = (about: string, most: number) =>
  field(v.string(), { ...trimmed(most), description: `${about} ${TRIMMED}` });

/**
 * An optional search text of 1 to 100 characters. Without it a search lists everything.
 *
 * @param where - the fields that are searched, as the description names them.
 */
export const textArg = (where: string) =>
  field(v.optional(field(v.string(), trimmed(100))), {
    description: `Words of ${where}, or their beginnings, in any script; all must match. Signs count only in a text of nothing else. Leave out to list all. ${TRIMMED}`,
  });

/**
 * A text that people write, such as a name or a note. It is trimmed, and its description says so.
 *
 * @param about - what the text is, for the model.
 * @param most - characters, as is `least`. A text in which there is nothing to see is refused.
 */
export const written = (about: string, most: number, least = 1) =>
  field(v.string(), {
    ...trimmed(most, least),
    description: `${about} ${TRIMMED}`,
    check: [isSeen, "expected a text in which there is something to see"],
  });

/** The largest amount that a caller may send. Even a sum of thousands of them is still an exact integer. */
const MAX_AMOUNT_MINOR = 1_000_000_000_000;

/** What every description of an amount says of it, if it says anything. */
const MINOR = "In minor units: 1290 is 12.90 EUR, 1290 JPY, 1.290 KWD.";

/**
 * An amount argument, in minor units of the tenant's currency.
 *
 * @param about - what the amount is, for the model.
 */
export const amountArg = (minimum: 0 | 1, about: string) =>
  field(v.number(), {
    type: "integer",
    minimum,
    maximum: MAX_AMOUNT_MINOR,
    description: `${about} ${MINOR}`,
  });

/** How many of something there are. */
export const count = field(v.number(), { type: "integer" });

/** An amount in a result, in minor units of its `currency`. */
export const amount = count;

/** The ISO 4217 code of all amounts of a result. */
export const currency = v.string();

/** A moment in a result: UTC, as ISO 8601 text. */
export const moment = v.string();

/** Milliseconds since 1970 as ISO 8601 text in UTC. */
export const isoMoment = (ms: number): string => new Date(ms).toISOString();

/** The same for a moment that may not have come yet: undefined stays undefined. */
export const isoMomentOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : isoMoment(ms);

type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** The fields that have a value. An optional argument that the caller leaves out must not overwrite a stored one. */
export const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;

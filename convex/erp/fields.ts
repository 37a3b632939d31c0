/** Zod fields that several functions share. Descriptions are read by AI models. */
import * as z from "zod";

/** An id argument. Any string passes: ownRow answers wrong ones, all alike. */
export const idArg = (of: string) =>
  z
    .string()
    .max(64)
    .describe(`The id of the ${of}, as another tool returned it (not its number or name).`);

/** What to search for; leaving it out lists everything. */
export const textArg = (where: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe(`Words of ${where}, or their beginnings; all must match. Leave out to list all.`);

/** The largest amount: a sum of many still fits an integer. */
const MAX_AMOUNT_MINOR = 1_000_000_000_000;

/** An amount argument in minor units. */
export const amountArg = (minimum: 0 | 1) => z.int().min(minimum).max(MAX_AMOUNT_MINOR);

export const currency = z.string().describe("ISO 4217 code of all amounts here.");

/** An amount in a result, in minor units (cents). */
export const amount = z.int();

/** A moment in a result: UTC, ISO 8601. */
export const moment = z.string();

export const isoMoment = (ms: number): string => new Date(ms).toISOString();

/** For a moment that may not have come. */
export const isoMomentOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : isoMoment(ms);

type Given<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Only the fields that have a value: an optional argument that was left out must not overwrite one. */
export const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Given<Fields>;

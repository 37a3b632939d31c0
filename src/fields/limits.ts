/** What a text, a number or a list may be: keywords of JSON Schema, and the words of zod for what they refuse. */
import { hasFormat, type Format } from "../base/formats";

/** Lengths are in UTF-16 code units, as JavaScript counts. */
export interface TextLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The source of a regular expression, without flags. It may match a part, unless it has `^` and `$`. */
  readonly pattern?: string;
  readonly format?: Format;
}

export interface NumberLimits {
  /** Numbers may be integers only. */
  readonly type?: "integer";
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ListLimits {
  readonly minItems?: number;
  readonly maxItems?: number;
}

export type Limits = TextLimits & NumberLimits & ListLimits;

const FORMATS: Readonly<Record<Format, string>> = {
  email: "email address",
  uri: "URL",
  date: "ISO date",
  "date-time": "ISO datetime",
};

type Range = readonly [least: number | undefined, most: number | undefined];

/** @param what - stands before the limit, as `unit` stands after it. */
const sizeProblems = (size: number, range: Range, what: string, unit = ""): string[] => {
  const [least = -Infinity, most = Infinity] = range;
  if (size < least) return [`Too small: expected ${what} >=${String(least)}${unit}`];
  return size > most ? [`Too big: expected ${what} <=${String(most)}${unit}`] : [];
};

const textProblems = (text: string, limits: TextLimits): string[] => {
  const { minLength, maxLength, pattern, format } = limits;
  const isMatch = pattern === undefined || new RegExp(pattern).test(text);
  const isOfFormat = format === undefined || hasFormat(text, format);
  return [
    ...sizeProblems(text.length, [minLength, maxLength], "string to have", " characters"),
    ...(isMatch ? [] : [`Invalid string: must match pattern /${pattern}/`]),
    ...(isOfFormat ? [] : [`Invalid ${FORMATS[format]}`]),
  ];
};

/** No range holds NaN, and none that has one end only is meant to hold Infinity. */
const numberProblems = (number: number, { type, minimum, maximum }: NumberLimits): string[] => {
  if (type === "integer" && !Number.isSafeInteger(number))
    return ["Invalid input: expected int, received number"];
  const isLimited = minimum !== undefined || maximum !== undefined;
  return isLimited && !Number.isFinite(number)
    ? [`Invalid input: expected number, received ${String(number)}`]
    : sizeProblems(number, [minimum, maximum], "number to be");
};

/** Returns a phrase for each limit that a value breaks. Limits of another type are not for it. */
export const limitProblems = (value: unknown, limits: Limits): string[] => {
  if (typeof value === "string") return textProblems(value, limits);
  if (typeof value === "number") return numberProblems(value, limits);
  if (!Array.isArray(value)) return [];
  return sizeProblems(value.length, [limits.minItems, limits.maxItems], "array to have", " items");
};

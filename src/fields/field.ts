/** Says of a validator of `v` what `v` cannot: a description for models, and limits. `checked` makes a function keep to them. */
import type { GenericValidator, Infer } from "convex/values";
import type { Limits, ListLimits, NumberLimits, TextLimits } from "./limits";

const keywords = Symbol.for("toolgate.keywords");

/** What only the schema of a tool shows. */
interface Shown {
  readonly description?: string;
  /** What a function takes for an argument that is left out. It does so itself: nothing is filled in. */
  readonly default?: string | number | boolean | null;
}

interface Checked<Value> {
  /** A check that no keyword can say, and the words for a value that fails it. No schema shows it, so the description must. */
  readonly check?: readonly [passes: (value: Value) => boolean, says: string];
}

interface TextKeywords extends TextLimits {
  /** The text is trimmed before anything looks at it. The description should say so. */
  readonly trim?: true;
}

type KeywordsOf<Kind> = Kind extends "string" | "id"
  ? TextKeywords
  : Kind extends "float64"
    ? NumberLimits
    : Kind extends "array"
      ? ListLimits
      : unknown;

/** The keywords that a validator of this kind can have. */
type Keywords<V extends GenericValidator> = Shown &
  Checked<Exclude<Infer<V>, undefined>> &
  KeywordsOf<V["kind"]>;

/** Keywords of any kind, as they are kept. */
export interface AnyKeywords extends Shown, Limits, Checked<never> {
  readonly trim?: true;
}

/** Returns what was stated of a validator, from the first to the last: a later statement counts more. */
export const keywordsOf = (validator: object): readonly AnyKeywords[] =>
  (validator as { readonly [keywords]?: readonly AnyKeywords[] })[keywords] ?? [];

const withKeywords = <V extends object>(validator: V, all: readonly AnyKeywords[]): V => {
  // Convex makes the optional twin of a validator anew, and would forget the keywords.
  const optional = () =>
    withKeywords((validator as { asOptional: () => object }).asOptional(), all);
  const copy = Object.create(Object.getPrototypeOf(validator) as object) as V;
  return Object.assign(copy, validator, { [keywords]: all, optional, asOptional: optional });
};

/** A field that may be left out is made already: what is stated of it comes later, even if it is the first word. */
const statedBefore = (validator: GenericValidator): readonly AnyKeywords[] => {
  const all = keywordsOf(validator);
  return all.length === 0 && validator.isOptional === "optional" ? [{}] : all;
};

/**
 * Describes and limits a validator: `field(v.string(), { description: "Name.", minLength: 1, maxLength: 120 })`. The keywords are those
 * of JSON Schema, and the `inputSchema` of a tool shows them. `trim` and `check` are beside them.
 *
 * Convex itself checks no keyword: build the function by `checked`.
 *
 * A check runs once all that its value holds has been read and found right. An object that is made of another, by `extend`, `pick`, `omit`
 * or `partial`, has the keywords of the members and none of the other object's own. Keywords of a record's names are checked and not shown.
 *
 * @param validator - may have keywords already: then those count that are stated last, and the checks of all.
 * @returns a validator of the same type. `v.optional`, `v.object`, `v.array` and `v.union` may hold it.
 */
export const field = <V extends GenericValidator>(validator: V, stated: Keywords<V>): V =>
  withKeywords(validator, [...statedBefore(validator), stated as AnyKeywords]);

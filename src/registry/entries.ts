/**
 * Name → a function that makes the entry. An entry is made only when it is needed, because Convex evaluates `http.ts` for every
 * request, and a call of one tool should not pay for all of them. A request may make the same entry several times.
 */
export type Entries<T> = Readonly<Record<string, () => T>>;

/** Looks up an entry by the name that a client sent; undefined if there is none. Never finds a member of `Object.prototype`. */
export const find = <T>(entries: Entries<T>, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name]?.() : undefined;

/** Makes all entries, in the order of the registry. */
export const entriesOf = <T>(entries: Entries<T>): [name: string, entry: T][] =>
  Object.entries(entries).map(([name, entry]) => [name, entry()]);

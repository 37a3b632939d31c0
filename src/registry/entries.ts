/**
 * Registries: what clients can name, by name. An entry is made when it is asked for, since `http.ts` is evaluated for every
 * request: one that names one tool would otherwise pay for all of them. A request may ask several times for the same one.
 */
export type Entries<T> = Readonly<Record<string, () => T>>;

/** Looks an entry up by the name a client sent. Never finds what `Object.prototype` has. */
export const find = <T>(entries: Entries<T>, name: string): T | undefined =>
  Object.hasOwn(entries, name) ? entries[name]?.() : undefined;

/** All entries, in the order of the registry. */
export const entriesOf = <T>(entries: Entries<T>): [name: string, entry: T][] =>
  Object.entries(entries).map(([name, entry]) => [name, entry()]);

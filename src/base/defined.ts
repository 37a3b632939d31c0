/** A copy without the members that are undefined. Convex does not store undefined, and the types of its rows do not allow it. */
export const defined = <T extends object>(
  fields: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/** What is sent to a function: each optional member may be undefined, and Convex leaves it out then. */
export type Sent<T> = {
  [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** Names of tools, and beginnings of names with a `*`, as keys and roles state them. */

/** Whether a name is one of the patterns, or begins as one of them does. */
export const isUnder = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );

/** The patterns that mean no tool: of one that was renamed, say. */
export const idlePatterns = (patterns: readonly string[], names: readonly string[]): string[] =>
  patterns.filter((pattern) => !names.some((name) => isUnder([pattern], name)));

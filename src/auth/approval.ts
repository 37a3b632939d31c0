/** The names and patterns of tools that a key or a role puts under approval. */

/** Whether a tool is under approval by one of the patterns: its name, or the beginning of it with a `*`. */
export const isUnder = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );

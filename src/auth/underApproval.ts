/** Which tools a key or a role puts under approval. */

/** Whether one of these patterns means the tool: its name, or the beginning of its name with a `*`. */
export const isUnderApproval = (patterns: readonly string[], tool: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? tool.startsWith(pattern.slice(0, -1)) : tool === pattern,
  );

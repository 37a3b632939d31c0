/** What a key of the fixture may do. */
export type Permission = (typeof permissions)[number];

export const permissions = [
  "fixture:read",
  "fixture:run",
  /** Given and taken away by the tools of toggles.ts. */
  "fixture:extra_tool",
  "fixture:extra_prompt",
] as const;

export const roles = (): Readonly<Record<string, readonly Permission[]>> => ({
  /** May use all that the suite asks for. */
  tester: ["fixture:read", "fixture:run"],
  /** May read, and start nothing. */
  reader: ["fixture:read"],
});

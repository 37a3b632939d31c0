/** What a key of the fixture may do. */
export type Permission = (typeof permissions)[number];

export const permissions = ["fixture:read", "fixture:run"] as const;

export const defaultRoles: Readonly<Record<string, readonly Permission[]>> = {
  /** May use all that the suite asks for. */
  tester: permissions,
  /** May read, and start nothing. */
  reader: ["fixture:read"],
};

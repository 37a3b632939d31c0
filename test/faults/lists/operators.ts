/** What operators do to keys and roles. */
import type { Fault } from "../fault";

export const operators: readonly Fault[] = [
  {
    what: "a revoked key can be revived",
    file: "src/operate/changeKey.ts",
    from: 'state === "revoked" || state === "rotated"',
    to: 'state === "rotated"',
    test: "test/operate/changeKey.test.ts",
  },
  {
    what: "rotation drops what narrows the key",
    file: "src/operate/rotateKey.ts",
    from: "...(tools && { tools }),",
    to: "",
    test: "test/operate/rotateKey.test.ts",
  },
  {
    what: "a read-only key may write",
    file: "src/auth/grant.ts",
    from: " || key?.readOnly === true",
    to: "",
    test: "test/operate/changeKey.test.ts",
  },
  {
    what: "rotation makes a short-lived key a long-lived one",
    file: "src/operate/rotateKey.ts",
    from: "expiresInDays === undefined ? old.expiresAt : expiryAfter(expiresInDays);",
    to: "expiryAfter(expiresInDays ?? 90);",
    test: "test/operate/rotateKey.test.ts",
  },
  {
    what: "the revocation of a chain leaves the key in grace",
    file: "src/operate/rotations.ts",
    from: "return before === null ? [newest] : [newest, before];",
    to: "return before === null ? [newest] : [newest];",
    test: "test/operate/rotateKey.test.ts",
  },
  {
    what: "three keys of a chain work at once",
    file: "src/operate/rotateKey.ts",
    from: "await endGrace(tx, old, now);",
    to: "",
    test: "test/operate/rotateKey.test.ts",
  },
  {
    what: "a list of one tenant's keys holds those of all",
    file: "src/operate/readKeys.ts",
    from: 'tenant === undefined ? keys : keys.withIndex("by_tenant", (q) => q.eq("tenant", tenant))',
    to: "tenant === undefined ? keys : keys",
    test: "test/operate/readKeys.test.ts",
  },
  {
    what: "a role may hold a permission that there is not",
    file: "src/operate/roles.ts",
    from: "app.permissions.includes(permission);",
    to: "app.permissions.length > permission.length - 100;",
    test: "test/operate/roles.test.ts",
  },
  {
    what: "the name of a key may hold a key",
    file: "src/operate/keyFields.ts",
    from: "if (withoutKeys(text) !== text) invalid(`${field}: must not contain an API key`);",
    to: "",
    test: "test/operate/changeKey.test.ts",
  },
];

/** The drives of the functions behind the routes must turn red for code that works in Node and not on Convex. */
import { expect, test } from "vitest";
import { appDriveNames } from "./app/drives";
import { appFindings, type Mistake } from "./mistake";

const [keys, calls, jobs] = appDriveNames;

type Case = Mistake & {
  readonly mistake: string;
  readonly drives: readonly (string | undefined)[];
  readonly says: RegExp;
};

test.each<Case>([
  {
    mistake: "a mutation that waits",
    ...{ file: "gate/execute.ts", from: "if (tool.idempotencyKey !== true &&" },
    to: "await new Promise((done) => setTimeout(done, 1)); if (tool.idempotencyKey !== true &&",
    drives: [jobs],
    says: /logged: .*Can't use setTimeout\(\) in queries and mutations/,
  },
  {
    mistake: "a query that waits",
    ...{ file: "run/reading.ts", from: "const sent = JSON.parse(text) as Args;" },
    to: "const sent = JSON.parse(text) as Args; setTimeout(() => undefined, 1);",
    drives: [calls],
    says: /Can't use setTimeout\(\) in queries and mutations/,
  },
  {
    mistake: "a key that a mutation makes",
    ...{ file: "operate/createKey.ts", from: "await requireKeyFields(tx, app, fields);" },
    to: `await requireKeyFields(tx, app, fields); await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]);`,
    drives: [keys, calls, jobs],
    says: /Can't use cryptographic randomness\(\) in queries and mutations/,
  },
  {
    mistake: "Buffer in the action that works",
    ...{ file: "jobs/handle.ts", from: "message: message && cut(message, 200)," },
    to: 'message: Buffer.from(message ?? "none").toString(),',
    drives: [jobs],
    says: /^customers_import failed: /,
  },
  {
    mistake: "queueMicrotask where a job is written",
    ...{ file: "jobs/start.ts", from: "const now = Date.now();" },
    to: "const now = Date.now(); queueMicrotask(() => now);",
    drives: [jobs],
    says: /logged: .*queueMicrotask is not defined/,
  },
  {
    mistake: "a secret that is the same for all requests of a deploy",
    ...{ file: "catalog/explain.ts", from: "const MAX_PROBLEMS = 10;" },
    to: "const MAX_PROBLEMS = 10 + Math.floor(Math.random());",
    drives: [calls],
    says: /Math\.random at module scope/,
  },
  {
    mistake: "a decoder that is to throw",
    ...{ file: "../convex/erp/cursor.ts", from: "new TextDecoder()" },
    to: `new TextDecoder("utf-8", { fatal: true })`,
    drives: [calls],
    says: /^whether bytes are no cursor is false/,
  },
])("they find $mistake", async ({ drives, says, ...mistake }) => {
  const found = await appFindings(mistake);
  expect(Object.keys(found).sort()).toEqual([...drives].sort());
  for (const line of Object.values(found)) expect(line).toMatch(says);
});

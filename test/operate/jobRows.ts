/** Rows of jobs in any state, and what reading them costs. */
import { convexTest, type TestConvex } from "convex-test";
import type { WithoutSystemFields } from "convex/server";
import schema from "../../convex/schema";
import type { Doc } from "../../convex/_generated/dataModel";
import { newServer } from "../support/gate";

type Row = WithoutSystemFields<Doc<"toolgateJobs">>;

let made = 0;

/** A job of acme's agent, as a row; it works unless told otherwise. */
export const jobRow = (fields: Partial<Row> = {}): Row => ({
  ...{ jobId: `job-${made++}`, tool: "customers_import", keyId: "k", subject: "agent" },
  ...{ tenant: "acme", role: "admin", operation: "op", state: "working", watchers: 1 },
  ...{ cancelRequested: false, events: [], leaseUntil: 0, createdAt: 1_000, updatedAt: 2_000 },
  expiresAt: 1e15,
  ...fields,
});

/** A server that counts what its transactions read, and refuses what Convex would. */
export const newCounted = () =>
  newServer({
    t: convexTest({
      ...{ schema, modules: import.meta.glob("../../convex/**/*.*s"), transactionLimits: true },
    }),
  });

interface Meta {
  readonly getTransactionMetrics: () => Promise<{
    readonly documentsRead: { readonly used: number };
  }>;
}

/** How many rows a function of the library reads in the transaction of `ctx`. */
export const rowsIn = async (
  ctx: object,
  call: (ctx: never) => Promise<unknown>,
): Promise<number> => {
  await call(ctx as never);
  const { meta } = ctx as { readonly meta: Meta };
  return (await meta.getTransactionMetrics()).documentsRead.used;
};

/** How many rows a function of the library reads. */
export const rowsRead = (
  t: TestConvex<typeof schema>,
  call: (ctx: never) => Promise<unknown>,
): Promise<number> => t.run((ctx) => rowsIn(ctx, call));

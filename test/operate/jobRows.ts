/** Rows of jobs in any state, and what reading them costs. */
import { convexTest, type TestConvex } from "convex-test";
import type { WithoutSystemFields } from "convex/server";
import schema from "../../convex/schema";
import type { Doc } from "../../convex/_generated/dataModel";
import type { GateQuery } from "../../src/data/database";
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

/** How many rows a query of the library reads. */
export const rowsRead = (
  t: TestConvex<typeof schema>,
  query: (ctx: never) => Promise<unknown>,
): Promise<number> =>
  t.run(async (ctx) => {
    await query(ctx as unknown as GateQuery as never);
    const { documentsRead } = await (
      ctx as unknown as { readonly meta: Meta }
    ).meta.getTransactionMetrics();
    return documentsRead.used;
  });

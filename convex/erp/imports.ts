/** Imports customers from a file: thousands of lines in one call. */
import { v, type Infer, type Value } from "convex/values";
import { internal } from "../_generated/api";
import { field, read, type Principal } from "../../src/entry/functions";
import { findByEmail, insertCustomer } from "./customerRows";
import { newCustomer, type NewCustomer } from "./customerFields";
import { count, given } from "./fields";
import { tenantAction, tenantMutation } from "./functions";
import { parseLines, type LineError } from "./jsonLines";

/**
 * Lines per mutation. Everybody else waits for it on the local server, where a line takes 20 ms among 4,000 customers. On Convex nobody
 * waits, and each call is billed: with the reports, 1,000 lines are 211 calls and take some seconds. In chunks of 100 they would be 21.
 */
const CHUNK = 5;

/** Lines between two reports, which are mutations too. Only a report finds out that the job was cancelled. */
const REPORT = 100;

/** The import goes on in another action after so long, in milliseconds: Convex ends each after 30 minutes. */
const PART_MS = 20 * 60_000;

/** The most errors that a result lists. `failed` counts all of them. */
const MAX_ERRORS = 100;

const chunkResult = v.object({ imported: count, existing: count });

/** Adds the customers whose e-mail address is new. If two lines have the same address, the first one counts. */
export const addCustomers = tenantMutation({
  args: { customers: field(v.array(newCustomer), { maxItems: CHUNK }) },
  returns: chunkResult,
  handler: async (ctx, { customers }) => {
    let imported = 0;
    for (const customer of customers) {
      if ((await findByEmail(ctx, customer.email.toLowerCase())) !== null) continue;
      await insertCustomer(ctx, given(customer));
      imported++;
    }
    return { imported, existing: customers.length - imported };
  },
});

type AddChunk = (
  principal: Principal,
  customers: NewCustomer[],
) => Promise<Infer<typeof chunkResult>>;

/** What became of the good lines so far: `at` is the first that nobody has looked at. */
const done = v.object({ at: count, imported: count, existing: count });

type Done = Infer<typeof done>;

/** @throws Error if another version of this file made the checkpoint. */
const doneBefore = (checkpoint: Value = { at: 0, imported: 0, existing: 0 }): Done => {
  const known = read(done, checkpoint);
  if ("issues" in known) throw new Error("The import cannot go on from this checkpoint.");
  return known.value;
};

/**
 * Each chunk is a transaction. A job that dies leaves whole chunks behind, and a second import of the same file adds the rest. `goOn`
 * ends a part.
 */
const importChunks = async (
  customers: readonly NewCustomer[],
  { at: from, ...before }: Done,
  add: (chunk: NewCustomer[]) => ReturnType<AddChunk>,
  report: (done: number) => Promise<void>,
  goOn: (done: Done) => never,
) => {
  const total = { ...before };
  const startedAt = Date.now();
  for (let at = from; at < customers.length; at += CHUNK) {
    if (Date.now() - startedAt > PART_MS) goOn({ at, ...total });
    if (at % REPORT === 0) await report(at);
    const { imported, existing } = await add(customers.slice(at, at + CHUNK));
    total.imported += imported;
    total.existing += existing;
  }
  // All is added, so it is too late to be cancelled.
  await report(customers.length).catch(() => undefined);
  return total;
};

const lineError = v.object({
  /** Counted from 1. */
  line: count,
  message: v.string(),
});

/** Imports customers. Good lines are added; bad lines are reported with their numbers. */
export const customers = tenantAction({
  args: {
    lines: field(v.string(), {
      minLength: 1,
      description:
        'One customer per line, each a JSON object: {"name":"…","email":"…","phone":"…","city":"…","country":"DE"}; name and ' +
        "email are required. White space around values is removed, and addresses are kept in lower case. " +
        "At most 900 KB; split longer files.",
    }),
  },
  returns: v.object({
    /** Lines that were not blank. */
    lines: count,
    imported: count,
    /** Left alone: a customer with that e-mail address is there already. */
    existing: count,
    /** Lines that could not be read; the others were imported all the same. */
    failed: count,
    /** What is wrong with the first failed lines. */
    errors: v.array(lineError),
  }),
  handler: async (ctx, { lines }) => {
    const { values, errors } = parseLines(lines, newCustomer);
    const good = values.length;
    const { checkpoint, continueLater } = ctx.job;
    const total = await importChunks(
      values,
      doneBefore(checkpoint),
      (chunk) =>
        ctx.runMutation(internal.erp.imports.addCustomers, {
          principal: ctx.principal,
          customers: chunk,
        }),
      (looked) => ctx.job.progress(looked, good, `${looked} of ${good} customers`),
      continueLater,
    );
    return {
      lines: good + errors.length,
      ...total,
      failed: errors.length,
      errors: errors.slice(0, MAX_ERRORS) satisfies LineError[],
    };
  },
});

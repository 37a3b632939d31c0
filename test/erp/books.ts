/** A company's books of July, seen from August, and a close of a month that stops before each step. */
import { getFunctionName, type FunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { close } from "../../convex/erp/periods";
import { addProduct, addCustomer, confirm, erp, newErp, rows } from "./setup";
import { naiveTotals } from "./months";
import type { Agent, Backend } from "./setup";

export const JULY = Date.UTC(2026, 6, 10);
export const AUGUST = Date.UTC(2026, 7, 10);

/** The clock of each test begins in July. */
export const beginInJuly = (): void => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: JULY });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
};

export const principalOf = (operation: string) => ({
  ...{ subject: "bookkeeper", tenant: "acme", role: "admin", keyId: "k1", operation },
});

type Ref<Kind extends "query" | "mutation"> = FunctionReference<Kind, "internal">;
interface Ended {
  readonly result?: unknown;
  readonly code?: string;
}
type Handler = (ctx: object, args: object) => Promise<unknown>;

/** A close that stops before each step, and goes on when it is told to. */
export const startClose = (t: Backend, period: string, operation: string) => {
  let isCancelled = false;
  let step: { name: string; go: () => void; fail: (error: Error) => void } | undefined;
  let wake: () => void = () => undefined;
  const before = (ref: Ref<"query" | "mutation">) =>
    new Promise<void>((go, fail) => {
      step = { name: getFunctionName(ref).split(/[/:]/).slice(-2).join(":"), go, fail };
      wake();
    });
  const ctx = {
    runQuery: async (ref: Ref<"query">, args: object): Promise<unknown> => {
      await before(ref);
      return t.query(ref, args);
    },
    runMutation: async (ref: Ref<"mutation">, args: object): Promise<unknown> => {
      if (getFunctionName(ref).endsWith("jobs:report")) return isCancelled;
      await before(ref);
      return t.mutation(ref, args);
    },
  };
  const job = { jobId: "j", dir: "toolgate" };
  const handler = (close as unknown as { _handler: Handler })._handler;
  const ended = handler(ctx, { principal: principalOf(operation), job, period }).then(
    (result): Ended => ({ result }),
    (error: unknown): Ended => ({
      code: error instanceof ConvexError ? (error.data as { code: string }).code : "error",
    }),
  );
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    wake();
  });
  const reached = async () => {
    while (!isOver && step === undefined)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return isOver ? undefined : step!.name;
  };
  const leave = async (how: "go" | "fail") => {
    if ((await reached()) === undefined) return undefined;
    const left = step!;
    step = undefined;
    if (how === "go") left.go();
    else left.fail(new Error("a step that fails"));
    return reached();
  };
  return {
    /** The step that it stands before; undefined once it has ended. */
    reached,
    next: () => leave("go"),
    /** Its next step fails, and what it does then is done. */
    fail: async () => {
      await leave("fail");
      while ((await leave("go")) !== undefined);
    },
    cancel: async () => {
      isCancelled = true;
      while ((await leave("go")) !== undefined);
    },
    end: async () => {
      while ((await leave("go")) !== undefined);
      return ended;
    },
  };
};

/** What was posted is what the rows say. @returns what was posted */

export const expectTrue = async (t: Backend) => {
  const posted = await rows(t, "periodCloses");
  for (const row of posted) expect(row).toMatchObject(await naiveTotals(t, row.period));
  return posted;
};

/** A company with orders of July in each state, on a day of August. */
export const newBooks = async () => {
  const { t, acme } = await newErp();
  const productId = await addProduct(t, "acme", { sku: "A", unitPriceMinor: 500, stock: 100 });
  const { id: customerId } = await addCustomer(acme);
  const draft = () =>
    acme.mutate(erp.orders.create, { customerId, lines: [{ productId, quantity: 2 }] });
  const orders = { draft: await draft(), confirmed: await draft(), invoiced: await draft() };
  await confirm(acme, orders.confirmed);
  await confirm(acme, orders.invoiced);
  const invoice = await acme.mutate(erp.invoices.issue, { orderId: orders.invoiced.id });
  vi.setSystemTime(AUGUST);
  return { t, acme, orders, invoice, draft };
};

export const cancel = (agent: Agent, { id }: { id: string }) =>
  agent.mutate(erp.orders.cancel, { orderId: id, reason: "test" });

export const pay = (agent: Agent, invoiceId: string, amountMinor: number) =>
  agent.mutate(erp.payments.record, { invoiceId, amountMinor, method: "cash", reference: "R" });

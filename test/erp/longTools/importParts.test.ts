/** An import that takes longer than an action may goes on where it was. */
import { v } from "convex/values";
import { afterEach, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalAction } from "../../../convex/_generated/server";
import * as imports from "../../../convex/erp/imports";
import { issueKey, newBackend } from "../../support/gate";
import { jobOf } from "../../support/longApp";
import { call, start, until } from "../../support/streamClient";
import { emails, people, person } from "./setup";

afterEach(() => {
  vi.useRealTimers();
});

type Run = (ref: unknown, args: { customers?: unknown[] }) => Promise<unknown>;

/** The app, whose import takes 21 minutes for the lines until `slow` of its chunks are added. */
const newSlow = async (slow: number) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const real = imports.customers as unknown as {
    _handler: (ctx: object, args: object) => Promise<unknown>;
  };
  const parts: number[] = [];
  const customers = internalAction({
    args: v.any(),
    handler: async (ctx, args: object) => {
      const { runMutation: run } = ctx as unknown as { runMutation: Run };
      let chunks = 0;
      const part = parts.push(0) - 1;
      const runMutation: Run = async (ref, given) => {
        const result = await run(ref, given);
        if (given.customers === undefined) return result;
        parts[part]! += given.customers.length;
        if (++chunks === slow && part < 2) vi.setSystemTime(Date.now() + 21 * 60_000);
        return result;
      };
      return real._handler({ ...ctx, runMutation }, args);
    },
  });
  const t = newBackend({
    "../../convex/erp/imports.ts": () => Promise.resolve({ ...imports, customers }),
  });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  const { key } = await issueKey(t);
  return { t, key, parts };
};

test("three parts add each line once, and their result is that of one import", async () => {
  const { t, key, parts } = await newSlow(1);
  const lines = `${people(420)}\nbad\n${JSON.stringify(person(7))}`;
  const jobId = await start(t, key, "customers_import", { lines });
  await until(async () => (await jobOf(t, jobId)).state === "succeeded");
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({
    progress: { done: 421, total: 421 },
    result: {
      ...{ lines: 422, imported: 420, existing: 1, failed: 1 },
      errors: [{ line: 421, message: "not valid JSON" }],
    },
  });
  expect(parts).toHaveLength(3);
  expect(parts.reduce((sum, added) => sum + added, 0)).toBe(421);
  expect(await emails(t)).toEqual(Array.from({ length: 420 }, (_, n) => person(n).email));
});

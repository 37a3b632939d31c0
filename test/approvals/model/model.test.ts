/**
 * Whatever happens to a held call, in whatever order: its tool runs at most once, only after a yes of somebody allowed, and only while the
 * caller may make the call.
 */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { issueKey } from "../../support/gate";
import { bought, newShop } from "../setup";
import { isFinal, theJob, callIt, type Model, type Real } from "./model";
import { steps } from "./steps";

let count = 0;

test.each(["always", "slow", "plain"] as const)("%s", async (tool) => {
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const shop = await newShop({ approvals: {} });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...steps), { minLength: 1, maxLength: 12 }),
      async (path) => {
        const subject = `agent ${String(++count)}`;
        const own = await issueKey(shop.t, {
          subject,
          ...(tool === "plain" && { approval: [tool] }),
        });
        const real: Real = { ...shop, tool, thing: `thing${String(count)}`, subject, own };
        shop.script.then = "return";
        await callIt(real);
        const model: Model = {
          ...{ state: "awaiting_approval", isLate: false, isRevoked: false, isDemoted: false },
          ...{ isNarrowed: false, isLifted: false, hasPassed: false, yeses: 0, effects: 0 },
        };
        for (const [, act] of path) {
          const before = await theJob(real);
          const wasFinal = isFinal(model);
          await act(model, real);
          const job = await theJob(real);
          expect(job.state).toBe(model.state);
          if (wasFinal && job.jobId === before.jobId)
            expect([job.state, job.approval]).toEqual([before.state, before.approval]);
          const done = [...(await bought(shop.t)), ...shop.script.acted.map((one) => `${one}:`)];
          const effects = done.filter((one) => one.startsWith(`${real.thing}:`)).length;
          expect(effects).toBe(model.effects);
          expect(effects).toBeLessThanOrEqual(Math.min(1, model.yeses));
        }
      },
    ),
    { numRuns: 10 },
  );
  vi.useRealTimers();
});

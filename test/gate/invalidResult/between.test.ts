/** What happens between the admission that a refused result undoes and the one that records it. */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalMutation } from "../../../convex/_generated/server";
import type { Front } from "../../support/app";
import { callTool, rows, rpc } from "../../support/gate";
import { declared, effects, functions, key, recorded, serve, t } from "./app";

describe("between the two admissions", () => {
  /** Calls `work` before the second admission. */
  const between = (work: () => Promise<void>): Front => {
    let admissions = 0;
    return (ctx, _request, next) =>
      next({
        runMutation: async (called, ...args) => {
          if (++admissions === 2) await work();
          return ctx.runMutation(called, ...args);
        },
      });
  };

  test("the key is revoked: the caller is nobody any more", async () => {
    await serve(
      between(async () => {
        const { keyId } = (await rows(t, "toolgateKeys"))[0]!;
        await t.mutation(internal.toolgate.admin.revokeKey, { keyId, reason: "test" });
      }),
    );
    const params = { name: "write", arguments: { give: "7" } };
    expect((await rpc(t, key, "tools/call", params)).status).toBe(401);
    expect(await effects()).toBe(0);
  });

  test("Convex is overloaded: the client may try again, and nothing was done", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    await serve(
      between(() =>
        Promise.reject(new Error("Too many concurrent requests in a short period of time.")),
      ),
    );
    const params = { name: "write", arguments: { give: "7" } };
    const { status, headers } = await rpc(t, key, "tools/call", params);
    expect([status, headers.get("retry-after")]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect([await effects(), await recorded()]).toEqual([0, []]);
  });

  test("another call with the same idempotency key succeeds: its result is the answer", async () => {
    const once = { idempotencyKey: "parallel-123", give: '"fine"' };
    let refuse = true;
    const write = internalMutation({
      ...declared,
      handler: async (ctx) => {
        await ctx.db.insert("tenants", { slug: "effect", name: "Effect", currency: "EUR" });
        return (refuse ? 7 : "fine") as string;
      },
    });
    const front = between(async () => {
      refuse = false;
      await callTool(t, key, "write", once);
    });
    await serve(front, { ...functions, write });
    expect((await callTool(t, key, "write", once)).structuredContent).toEqual({ result: "fine" });
    expect(await effects()).toBe(1);
  });
});

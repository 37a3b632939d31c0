/** A row of the audit log stays when the effect of its call is rolled back. */
import { ConvexError, v } from "convex/values";
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalMutation } from "../../../convex/_generated/server";
import { insertCustomer } from "../../../convex/erp/customerRows";
import * as customers from "../../../convex/erp/customers";
import { chain } from "../../../convex/toolgate/chain";
import { principalValidator } from "../../../src/data/principal";
import type { Middleware } from "../../../src/entry/middleware";
import { newApp, type Parts } from "../../support/app";
import { bearer, callTool, issueKey, jsonHeaders, rows, send } from "../../support/gate";
import { within } from "../../support/within";
import { ada, added, call, key, serveFrom, t } from "./setup";

describe("the row and the effect", () => {
  const broken = async (thrown: () => unknown, parts: Pick<Parts, "chain"> = {}) => {
    const create = internalMutation({
      args: { principal: principalValidator(), name: v.string(), email: v.string() },
      returns: v.null(),
      handler: async (ctx) => {
        const tenant = (await ctx.db.query("tenants").first())!;
        await insertCustomer(within(ctx, tenant), ada);
        throw thrown();
      },
    });
    const server = newApp({ ...parts, functions: { "erp/customers": { ...customers, create } } });
    await server.mutation(internal.erp.tenants.create, {
      slug: "acme",
      name: "Acme",
      currency: "EUR",
    });
    serveFrom(server, (await issueKey(server)).key);
  };

  test.each<[string, () => unknown, string]>([
    [
      "a ConvexError",
      () => new ConvexError({ code: "out_of_ink", message: "No ink." }),
      "out_of_ink",
    ],
    ["a ConvexError of text", () => new ConvexError("No ink."), "failed"],
    ["any error", () => new Error("no ink in /srv/app.ts"), "internal"],
    ["no error at all", () => "ink", "internal"],
  ])("%s rolls back the effect and leaves the row", async (_what, thrown, reason) => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    await broken(thrown);
    const args = { ...ada, idempotencyKey: "broken-1234" };
    const [row, ...more] = await added(() => call("customers_create", args));
    expect(row).toMatchObject({ outcome: "failed", reason });
    expect(more).toEqual([]);
    expect(await rows(t, "customers")).toEqual([]);
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    expect(log).toHaveBeenCalledTimes(reason === "internal" ? 1 : 0);
  });

  test("the row tells how long the call waited for its admission, and how long its mutation ran", async () => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    let arrived!: () => void;
    // The endpoint takes the time at once, and only then reads the body.
    const arrival: Middleware<object> = (_ctx, _request, next) => {
      const answer = next({});
      arrived();
      return answer;
    };
    const row = (name: string, args: object) =>
      added(() => {
        const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
        const message = { jsonrpc: "2.0", id: 1, method: "tools/call" };
        const bytes = JSON.stringify({ ...message, params: { name, arguments: args } });
        const pull = async (body: ReadableStreamDefaultController) => {
          await hasArrived;
          vi.advanceTimersByTime(250);
          body.enqueue(new TextEncoder().encode(bytes));
          body.close();
        };
        const body = new ReadableStream({ pull }, { highWaterMark: 0 });
        const headers = { ...jsonHeaders, ...bearer(key) };
        return send(t, { method: "POST", headers, body, duplex: "half" } as RequestInit);
      });
    // Each commit has a moment of its own, so the time within it may be a few milliseconds ahead.
    const near = (ms: number) => expect.closeTo(ms, -1.5) as number;
    const slow = () => {
      vi.advanceTimersByTime(30);
      return new ConvexError({ code: "out_of_ink", message: "No ink." });
    };
    await broken(slow, { chain: [...chain, arrival] as unknown as typeof chain });
    expect(await row("customers_create", ada)).toMatchObject([{ waitedMs: near(250), ms: 30 }]);
    const [answered] = await row("customers_search", {});
    expect(answered).toMatchObject({ outcome: "answered", waitedMs: near(250) });
    expect(answered).not.toHaveProperty("ms");
  });

  test("a fault tells the caller an id, and the log the rest", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    await broken(() => new Error("no ink in /srv/app.ts"));
    const { content } = await callTool(t, key, "customers_create", ada);
    const text = content[0]!.text;
    expect(text).toMatch(
      /^internal: Internal error. Quote [\da-f-]{36} to the operator\. Nothing was done\.$/,
    );
    const id = /[\da-f-]{36}/.exec(text)![0];
    expect(String(log.mock.calls[0]![0])).toContain(id);
    expect(String(log.mock.calls[0]![0])).toContain("no ink");
  });
});

/**
 * When Convex gives up on a call, the client is told to try again.
 *
 * @spec RFC 9110 section 15.6.4
 */
import { describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rows, rpc } from "../support/gate";
import { newApp, type Front } from "../support/app";
import { burst, key, read, serveFrom, statuses, t } from "../middleware/rateLimit/setup";

describe("when Convex gives up", () => {
  const conflict =
    'Documents read from or written to the "toolgateBuckets" table changed while this mutation was being run and on every ' +
    'subsequent retry. A call to "toolgate/gate:admit" changed the document with ID "k17". See https://docs.convex.dev/error#1';
  const slots =
    "TooManyConcurrentRequests: Too many concurrent requests in a short period of time.";

  const failing = async (front: Front): Promise<void> => {
    const broken = newApp({ front: front });
    await broken.mutation(internal.erp.tenants.create, {
      slug: "acme",
      name: "Acme",
      currency: "EUR",
    });
    serveFrom(broken, (await issueKey(broken)).key);
  };

  const throwing = (message: string) => () => Promise.reject(new Error(message));

  test.each([conflict, slots])("on the admission, it is 503 and try again: %s", async (message) => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    await failing((_ctx, _request, next) => next({ runMutation: throwing(message) }));
    for (const [method, params] of [
      ["ping", undefined],
      ["tools/list", undefined],
      ["tools/call", { name: "customers_create", arguments: { name: "A", email: "a@b.example" } }],
    ] as const) {
      const { status, headers, json, text } = await rpc(t, key, method, params);
      expect([method, status]).toEqual([method, 503]);
      expect(headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
      expect(json).toMatchObject({ jsonrpc: "2.0", id: 1, error: { code: 503 } });
      expect(text).not.toMatch(/toolgateBuckets|k17|Documents/);
    }
    expect(await rows(t, "customers")).toEqual([]);
    expect(warn).toHaveBeenCalled();
    warn.mockRestore();
  });

  /** The first admissions fail so. Says how many were made. */
  const failingFirst = async (message: string, times: number) => {
    const asked = { times: 0 };
    await failing((ctx, _request, next) =>
      next({
        runMutation: (ref, ...args) =>
          asked.times++ < times ? throwing(message)() : ctx.runMutation(ref, ...args),
      }),
    );
    return asked;
  };

  const create = () =>
    rpc(t, key, "tools/call", {
      ...{ name: "customers_create", arguments: { name: "A", email: "a@b.example" } },
    });

  test("after a conflict it admits once more, by itself: the client hears nothing of it", async () => {
    const asked = await failingFirst(conflict, 1);
    expect((await create()).status).toBe(200);
    expect(asked.times).toBe(2);
    expect(await rows(t, "customers")).toHaveLength(1);
  });

  test("after a second one it leaves it to the client", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const asked = await failingFirst(conflict, 2);
    expect((await create()).status).toBe(503);
    expect(asked.times).toBe(2);
    expect((await create()).status).toBe(200);
    expect(await rows(t, "customers")).toHaveLength(1);
    warn.mockRestore();
  });

  test("for lack of a slot it does not press: another try would need a slot too", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const asked = await failingFirst(slots, 1);
    expect((await create()).status).toBe(503);
    expect(asked.times).toBe(1);
    warn.mockRestore();
  });

  test("two times of five, calls in between are answered", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    let asked = 0;
    await failing((ctx, _request, next) =>
      next({
        runMutation: (ref, ...args) =>
          asked++ % 5 < 2 ? throwing(conflict)() : ctx.runMutation(ref, ...args),
      }),
    );
    expect(statuses(await burst(30))).toEqual([200, 503]);
    warn.mockRestore();
  });

  test.each(["secret table toolgateKeys", "Uncaught Error: Too many concurrent toolgateKeys"])(
    "any other fault is 500 without a word about it: %s",
    async (message) => {
      const error = vi.spyOn(console, "error").mockReturnValue();
      await failing((_ctx, _request, next) => next({ runMutation: throwing(message) }));
      const { status, json } = await read();
      expect([status, json.error?.code]).toEqual([500, -32603]);
      expect(json.error?.message).toMatch(/^Internal error. Quote [\da-f-]{36} to the operator\.$/);
      error.mockRestore();
    },
  );

  test("for lack of a slot, on the query that follows, it is 503 too", async () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    await failing((_ctx, _request, next) => next({ runQuery: throwing(slots) }));
    const replies = [
      await rpc(t, key, "tools/list"),
      await rpc(t, key, "tools/call", { name: "customers_search" }),
    ];
    error.mockRestore();
    expect(statuses(replies)).toEqual([503]);
  });
});

/** compose: the HTTP halves around a handler. */
import { afterEach, expect, test, vi } from "vitest";
import type { ActionCtx } from "../data/database";
import { compose } from "./compose";
import type { Guard, Middleware } from "./guard";

const ctx = { runQuery: "real" } as unknown as ActionCtx;
const request = new Request("https://a.example/mcp");

const named: Middleware<object, { name: string }> = (_ctx, _request, next) => next({ name: "Ada" });

const guard = (evidence: object): Guard => ({
  evidence: (_ctx, _request, next) => next(evidence),
  decide: (_tx, _claim, next) => next({}),
});

afterEach(() => vi.restoreAllMocks());

test("the handler gets what middleware adds, Convex's context, and the evidence of all guards", async () => {
  const handler = compose(
    named,
    guard({ a: 1 }),
    guard({ b: 2 }),
  )(async (context) => Response.json(context));
  const response = await handler(ctx, request);
  expect(await response.json()).toEqual({
    ...{ runQuery: "real", name: "Ada", evidence: { a: 1, b: 2 } },
  });
});

test("the handler gets no evidence but that of the guards, whatever the context brings along", async () => {
  const brought = { ...ctx, evidence: { forged: 1 } } as ActionCtx;
  const handler = compose(guard({ a: 1 }))(async ({ evidence }) => Response.json(evidence));
  expect(await (await handler(brought, request)).json()).toEqual({ a: 1 });
});

test("a guard without an HTTP half is passed over", async () => {
  const silent: Guard = { decide: (_tx, _claim, next) => next({}) };
  const handler = compose(silent)(async ({ evidence }) => Response.json(evidence));
  expect(await (await handler(ctx, request)).json()).toEqual({});
});

test("a middleware that answers keeps the handler from running", async () => {
  const handle = vi.fn();
  const stop: Middleware<object> = async () => new Response("stop", { status: 403 });
  const response = await compose(stop)(handle)(ctx, request);
  expect([response.status, handle.mock.calls.length]).toEqual([403, 0]);
});

test.each([
  [
    "throws at once",
    (): never => {
      throw new Error("secret");
    },
  ],
  ["rejects", () => Promise.reject(new Error("secret"))],
])("what %s is a plain 500 that layers further out still see", async (_what, fail) => {
  const error = vi.spyOn(console, "error").mockReturnValue();
  const tagging: Middleware<object> = async (_ctx, _request, next) => {
    const response = await next({});
    response.headers.set("x-tag", "seen");
    return response;
  };
  for (const handler of [
    compose(tagging, fail as Middleware<object>)(async () => new Response()),
    compose(tagging)(fail),
  ]) {
    const response = await handler(ctx, request);
    expect([response.status, response.headers.get("x-tag")]).toEqual([500, "seen"]);
    expect(await response.text()).not.toContain("secret");
  }
  expect(error).toHaveBeenCalledTimes(2);
});

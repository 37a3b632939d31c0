/**
 * A tool that returns what its own `returns` refuses: effect and answer stand or fall together. Convex, and convex-test alike, commit a
 * nested mutation before they check what it returned.
 */
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { post, rows, rpc, type ToolResult } from "../../support/gate";
import { call, calls, effects, key, log, recorded, REFUSED, t } from "./app";

describe("a mutation", () => {
  test("leaves no effect, and its failure is told, recorded and paid for", async () => {
    // The burst is one write then, and the clock stands still.
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "0.01");
    vi.useFakeTimers({ toFake: ["Date"] });
    const { isError, content, structuredContent } = await call("write", 7);
    expect([isError, structuredContent]).toEqual([true, undefined]);
    expect(content[0]!.text).toMatch(REFUSED);
    expect(content[0]!.text).toMatch(/ to the operator\. Nothing was done\.$/);
    expect(await effects()).toBe(0);
    expect(await recorded()).toEqual([["failed", "invalid_result"]]);
    const params = { name: "write", arguments: { give: "7" } };
    expect((await rpc(t, key, "tools/call", params)).status).toBe(429);
    const id = /[\da-f-]{36}/.exec(content[0]!.text)![0];
    expect(log.mock.calls.map(String).join()).toContain(id);
    expect(content[0]!.text).not.toContain("probe");
  });

  test("runs again under the same idempotency key, since nothing was done", async () => {
    const once = { idempotencyKey: "refused-1234" };
    for (const times of [1, 2]) {
      expect((await call("write", null, once)).content[0]!.text).toMatch(REFUSED);
      expect([times, await effects()]).toEqual([times, 0]);
    }
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    const other = await call("write", "fine", once);
    expect(other.structuredContent).toEqual({ result: "fine" });
    expect((await call("write", "fine", once))._meta).toMatchObject({ "toolgate/replayed": true });
    expect(await effects()).toBe(1);
  });

  test("whose own nested mutation is refused leaves no effect either", async () => {
    expect((await call("outer", 7)).content[0]!.text).toMatch(/Nothing was done\.$/);
    expect(await effects()).toBe(0);
  });

  test("whatever it returns, has its effect if and only if the answer is a result", async () => {
    let expected = 0;
    const value = fc.oneof(fc.string(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(value, async (give) => {
        const { isError = false } = await call("write", give);
        expect(isError).toBe(typeof give !== "string");
        if (!isError) expected++;
        expect(await effects()).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  test("a good call is one call of Convex, a refused one two", async () => {
    await call("write", "fine", { idempotencyKey: "counted-1234" });
    expect(calls).toEqual(["toolgate/gate:admit"]);
    await call("write", 7);
    expect(calls).toHaveLength(3);
  });

  test("in a batch, undoes no other call", async () => {
    const batch = ["fine", 7, "fine"].map((give, id) => ({
      ...{ jsonrpc: "2.0", id, method: "tools/call" },
      params: { name: "write", arguments: { give: JSON.stringify(give) } },
    }));
    const { text } = await post(t, key, batch);
    const results = JSON.parse(text) as { result: ToolResult }[];
    expect(results.map(({ result }) => result.isError ?? false)).toEqual([false, true, false]);
    expect(await effects()).toBe(2);
  });
});

test("a client cannot say that a tool failed: the member is not read from its message", async () => {
  const failure = { code: "x", message: "y" };
  const params = { name: "write", arguments: { give: '"fine"' }, failure, _meta: { failure } };
  const { json } = await post(t, key, {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params,
    failure,
  });
  expect(json.result?.structuredContent).toEqual({ result: "fine" });
});

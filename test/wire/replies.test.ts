/**
 * Whatever comes, what is said back of it is well formed, and so is what is stored.
 *
 * @spec JSON-RPC 2.0 section 5
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dump, post } from "../support/gate";
import { envelopes } from "./bad/envelope";
import { ping } from "./bad/row";
import { expectClean, good, sendBad, t } from "./setup";

describe("what is told of what came", () => {
  test("which versions there are", async () => {
    const row = envelopes.find(({ what }) => what.includes("v999.0.0"));
    const { json } = await sendBad(row!);
    expect(json.error?.data).toEqual({ supported: ["2026-07-28"], requested: "v999.0.0" });
  });

  test("the method that is missing, cut", async () => {
    const { json } = await post(t, good.key, { ...ping, method: "m".repeat(10_000) });
    expect(json.error?.message).toBe(`Method not found: ${"m".repeat(64)}`);
  });

  const nameCutInTwo = `${"n".repeat(63)}\u{1f600}`;
  test.each([
    ["a method", { ...ping, method: nameCutInTwo }],
    ["a tool", { ...ping, method: "tools/call", params: { name: nameCutInTwo } }],
  ])("the name of %s, never half a character", async (_what, message) => {
    const { text } = await post(t, good.key, message);
    expect(text).not.toMatch(/\\ud[89a-f]/i);
  });
});

/** Convex strings have a UTF-8 form; half a surrogate pair has none, and an insert of it fails there (not in convex-test). */
test("no row holds half a character", async () => {
  const long = (length: number) => `${"x".repeat(length - 1)}\u{1f600}`;
  await post(t, good.key, { ...ping, method: long(128) });
  await post(t, good.key, { ...ping, method: "tools/call", params: { name: long(128) } });
  const clientInfo = { name: long(128), version: "1" };
  await post(t, good.key, {
    ...ping,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  for (const pad of [2047, 2048]) {
    await post(t, good.key, {
      ...ping,
      method: "tools/call",
      params: { name: "customers_search", arguments: { text: "\u{1f600}".repeat(pad) } },
    });
  }
  expect(JSON.stringify(await dump(t))).not.toMatch(/\\ud[89a-f]/i);
});

describe("whatever comes", () => {
  test("bytes are answered in JSON, below 500", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        expectClean(await sendBad({ body }));
      }),
      { numRuns: 300 },
    );
  });

  test("a good request with one member replaced is too", async () => {
    const messages = [
      { ...ping, params: { _meta: { progressToken: 1 } } },
      {
        ...ping,
        method: "tools/call",
        params: { name: "customers_search", arguments: { text: "a", limit: 1 }, _meta: {} },
      },
      {
        ...ping,
        method: "tools/call",
        params: { name: "customers_create", arguments: { name: "", email: "" } },
      },
      { ...ping, method: "tools/list", params: { cursor: "a" } },
    ];
    /** Every place in a message. */
    const places = (value: unknown): string[][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [
            [name],
            ...places(inner).map((rest) => [name, ...rest]),
          ])
        : [];
    const put = (value: unknown, [step, ...rest]: string[], replacement: unknown): unknown => {
      if (step === undefined) return replacement;
      const members = value as Record<string, unknown>;
      return { ...members, [step]: put(members[step], rest, replacement) };
    };
    const spoilt = fc
      .constantFrom(...messages)
      .chain((message) =>
        fc
          .tuple(fc.constantFrom(...places(message)), fc.jsonValue({ maxDepth: 3 }))
          .map(([place, replacement]) => put(message, place, replacement)),
      );
    const customers = (await dump(t)).customers;
    await fc.assert(
      fc.asyncProperty(spoilt, async (message) => {
        const reply = await sendBad({ body: JSON.stringify(message), headers: { accept: null } });
        if (reply.status === 202) expect(reply.text).toBe("");
        else if (reply.headers.get("content-type") === "text/event-stream")
          expect(reply.status).toBe(200);
        else expectClean(reply);
      }),
      { numRuns: 300 },
    );
    expect((await dump(t)).customers).toEqual(customers);
  });
});

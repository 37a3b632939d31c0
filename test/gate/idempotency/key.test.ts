/**
 * Where an idempotency key may stand, what a good one is, and how it is stored.
 *
 * @spec draft-ietf-httpapi-idempotency-key-header-07
 */
import { describe, expect, test } from "vitest";
import { rows } from "../../support/gate";
import {
  customer,
  effects,
  isReplay,
  META,
  resultOf,
  send,
  t,
  textOf,
  type Sent,
} from "./customers";

describe("the key", () => {
  test.each<[string, (args: object, use: string) => Sent]>([
    ["an argument", (args, use) => ({ args: { ...args, idempotencyKey: use } })],
    ["_meta", (args, use) => ({ args, meta: { [META]: use } })],
    ["the header", (args, use) => ({ args, header: use })],
  ])("may come as %s", async (_where, sent) => {
    const args = customer();
    expect(isReplay(await send(sent(args, "where-1234")))).toBe(false);
    expect(isReplay(await send(sent(args, "where-1234")))).toBe(true);
    // All three name the same record.
    expect(isReplay(await send({ args, header: "where-1234" }))).toBe(true);
    expect(await effects()).toBe(1);
  });

  const KEYS = ["first-key-1", "second-key-2", undefined];

  test.each(
    KEYS.flatMap((argument) =>
      KEYS.flatMap((meta) => KEYS.map((header) => [argument, meta, header] as const)),
    ),
  )("argument %s, _meta %s, header %s: different ones are refused", async (...sent) => {
    const [argument, meta, header] = sent;
    const args = customer();
    const keys = new Set(sent.filter((one) => one !== undefined));
    const reply = await send({
      args: { ...args, ...(argument === undefined ? {} : { idempotencyKey: argument }) },
      ...(meta === undefined ? {} : { meta: { [META]: meta } }),
      ...(header === undefined ? {} : { header: `${header}, ${header}` }),
    });
    expect(await effects()).toBe(keys.size > 1 ? 0 : 1);
    const [only] = keys;
    if (keys.size > 1) {
      expect(reply.json.error?.code).toBe(-32602);
      const places = "(argument idempotencyKey|_meta\\[.*\\]|header Idempotency-Key)";
      const message = new RegExp(`${places} and .*${places} are different idempotency keys`);
      expect(reply.json.error?.message).toMatch(message);
    } else if (only !== undefined) expect(isReplay(await send({ args, header: only }))).toBe(true);
  });

  test("null as an argument is none", async () => {
    const args = customer();
    await send({ args: { ...args, idempotencyKey: null }, header: "header-123" });
    expect(isReplay(await send({ args, header: "header-123" }))).toBe(true);
  });

  test.each(["short", "x".repeat(129), "with a space", "ümlauts-1", "line\nbreak", 12345678, {}])(
    "%j as an argument is refused like any other bad argument",
    async (bad) => {
      const reply = await send({ args: { ...customer(), idempotencyKey: bad } });
      expect(resultOf(reply).isError).toBe(true);
      expect(textOf(reply)).toMatch(/^invalid_arguments: idempotencyKey: /);
      expect(await effects()).toBe(0);
    },
  );

  test.each<[Pick<Sent, "meta" | "header">]>([
    [{ header: "short" }],
    [{ header: "with a space" }],
    [{ meta: { [META]: "short" } }],
    [{ meta: { [META]: 12345678 } }],
  ])("%j is refused before anything is done", async (outer) => {
    const { json } = await send({ args: customer(), ...outer });
    expect(json.error?.code).toBe(-32602);
    expect(json.error?.message).toMatch(/idempotency key/);
    expect(await effects()).toBe(0);
  });

  test("is not kept for tools that only read, but must be a good one there too", async () => {
    const read = { tool: "customers_search", args: {} };
    expect(resultOf(await send({ ...read, header: "long-enough" })).isError).toBeUndefined();
    expect(await rows(t, "toolgateIdempotency")).toEqual([]);
    expect((await send({ ...read, header: "short" })).json.error?.code).toBe(-32602);
  });

  test("is stored as a digest only", async () => {
    await send({ args: customer(), header: "stored-nowhere-1" });
    expect(JSON.stringify(await rows(t, "toolgateIdempotency"))).not.toContain("stored-nowhere-1");
  });
});

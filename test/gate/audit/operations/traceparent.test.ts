/** The trace of a call that has one is kept with its operation. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { post } from "../../../support/gate";
import { added, key, t } from "../setup";

describe("traceparent", () => {
  const hex = (length: number) =>
    fc.string({
      unit: fc.constantFrom(...Array.from("0123456789abcdef")),
      minLength: length,
      maxLength: length,
    });
  const ids = fc
    .tuple(hex(32), hex(16), hex(2))
    .filter(([a, b]) => /[^0]/.test(a) && /[^0]/.test(b));
  const good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const other = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  const kept = async (meta?: unknown, header?: string): Promise<string | undefined> => {
    const params = meta === undefined ? {} : { _meta: { traceparent: meta } };
    const message = { jsonrpc: "2.0", id: 1, method: "ping", params };
    const [row] = await added(() =>
      post(t, key, message, header === undefined ? {} : { traceparent: header }),
    );
    return row!.traceparent;
  };

  test("that is well formed is kept, from the header or _meta", async () => {
    await fc.assert(
      fc.asyncProperty(ids, fc.boolean(), async ([trace, parent, flags], inMeta) => {
        const value = `00-${trace}-${parent}-${flags}`;
        expect(await (inMeta ? kept(value) : kept(undefined, value))).toBe(value);
      }),
      { numRuns: 12 },
    );
  });

  test.each<[unknown, string | undefined, string | undefined]>([
    [good, other, good],
    [undefined, other, other],
    ["nonsense", other, other],
    [{}, undefined, undefined],
    [`${good}-more`, undefined, undefined],
    [`01${good.slice(2)}-more`, undefined, `01${good.slice(2)}`],
    [`01${good.slice(2)}`, undefined, `01${good.slice(2)}`],
    [`ff${good.slice(2)}`, undefined, undefined],
    [good.toUpperCase(), undefined, undefined],
    [good.replace(/4bf.*4736/, "0".repeat(32)), undefined, undefined],
    [good.replace("00f067aa0ba902b7", "0".repeat(16)), undefined, undefined],
    [undefined, `${good}, ${other}`, undefined],
    [undefined, ` ${good} `, good],
    [`${good}\n`, undefined, undefined],
    ["", undefined, undefined],
  ])("in _meta %j and in the header %j leaves %j", async (meta, header, expected) => {
    expect(await kept(meta, header)).toBe(expected);
  });
});

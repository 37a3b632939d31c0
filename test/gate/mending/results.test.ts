/** Results that JSON cannot hold: what it can tell is told, and the rest is an error of the tool. */
import { describe, expect, test, vi } from "vitest";
import { call } from "./app";

describe("a result", () => {
  test.each(["NaN", "Infinity"])("that holds %s is an error of the tool", async (of) => {
    vi.spyOn(console, "error").mockReturnValue();
    expect(await call("odd", { of })).toMatch(/^invalid_result: /);
    vi.restoreAllMocks();
  });

  test("that JSON can tell is told", async () => {
    expect(await call("odd", { of: "zero" })).toEqual({ value: 0 });
    expect(await call("odd", { of: "big" })).toEqual({ value: "5" });
  });
});

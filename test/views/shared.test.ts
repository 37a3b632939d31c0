/** What views say of amounts, days and results. How they look is tested in a browser: `npm run browser`. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { day, moneyIn, span } from "../../views/shared/format";
import { readResult } from "../../views/shared/result";

describe("an amount is written by its currency's minor units", () => {
  test.each([
    ["EUR", "de-DE", 129_050, "1.290,50\u00a0€"],
    ["USD", "en-US", -5, "-$0.05"],
    ["JPY", "en-US", 1290, "¥1,290"],
    ["KWD", "en-US", 1290, "KWD\u00a01.290"],
    ["IQD", "en-US", 1290, "IQD\u00a01.290"],
    ["CLF", "de-DE", 12_900_000, "1.290,0000\u00a0CLF"],
    ["XAU", "en-US", 1290, "1290 XAU"],
    ["EUR", "no such locale", 100, /1[.,]00/],
    ["Euro", "en-US", 1290, "1290 Euro"],
  ])("%s in %s", (currency, locale, minor, written) => {
    expect(moneyIn(currency, { locale }).format(minor)).toEqual(
      typeof written === "string" ? written : expect.stringMatching(written),
    );
  });

  test("no unit is lost, up to the largest total of the ERP", () => {
    const { format } = moneyIn("EUR", { locale: "en-US" });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), (minor) => {
        expect(BigInt(format(minor).replace(/\D/g, ""))).toBe(BigInt(minor));
      }),
    );
  });
});

test("a day is the one of the client's time zone, and a span is in UTC", () => {
  const moment = "2026-11-28T23:30:00.000Z";
  const locale = "en-US";
  expect(day(moment, { locale, timeZone: "Asia/Tokyo" })).toBe("Nov 29, 2026");
  expect(day(moment, { locale, timeZone: "America/New_York" })).toBe("Nov 28, 2026");
  expect(day(moment, { locale, timeZone: "Mars/Olympus" })).toContain("2026");
  expect(span("2026-11-01", "2026-11-30", { locale }).replace(/\s/g, " ")).toBe("Nov 1 – 30, 2026");
});

describe("a result", () => {
  const isOk = (value: object): value is { ok: true } => "ok" in value;
  const text = (one: string) => [{ type: "text", text: one }];
  const read = (result: Parameters<typeof readResult>[0]) => readResult(result, isOk);

  test.each([
    ["its structuredContent", { structuredContent: { ok: true }, content: text("no JSON") }],
    ["its text, where a client keeps only that", { content: text('{"ok":true}') }],
  ])("is read from %s", (_what, result) => {
    expect(read(result)).toEqual({ state: "value", value: { ok: true } });
  });

  test.each([
    ["a refusal with a code", { isError: true, content: text("declined: No.") }, "declined", "No."],
    ["one without", { isError: true, content: text("Not: so.") }, "", "Not: so."],
    ["one that says nothing", { isError: true }, "", "did not say why"],
    ["something else", { structuredContent: { no: 1 }, content: text("Other.") }, "", "Other."],
    ["nothing", {}, "", "nothing that can be shown"],
    ["a question", { resultType: "input_required" }, "", "in the conversation"],
  ])("that is %s has no value", (_what, result, code, words) => {
    expect(read(result)).toEqual({
      ...{ state: "failed", code },
      message: expect.stringContaining(words),
    });
  });
});

/** What the console says of held calls, and how it shows what agents wrote. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argumentLines } from "../../console/screens/approvals/argumentLines";
import {
  expiryLine,
  isUrgent,
  keyOf,
  outcomeLine,
  refusalLine,
} from "../../console/screens/approvals/words";
import { visible, visibleJson, visibleLine } from "../../console/text/plain";

const NOW = Date.parse("2026-11-29T14:09:30Z");
const MINUTE = 60_000;
const at = (minutes: number): string => new Date(NOW + minutes * MINUTE).toISOString();

describe("text of agents", () => {
  test("shows what hides or turns text around", () => {
    expect(visible("gnp.\u202egpj \u200b\u0007\u2028\ud800 ok")).toBe(
      "gnp.⟨U+202E⟩gpj ⟨U+200B⟩⟨U+0007⟩⟨U+2028⟩⟨U+D800⟩ ok",
    );
    expect(visible("a\n\tb")).toBe("a\n\tb");
    expect(visibleLine("a\nb")).toBe("a b");
  });

  test("leaves nothing unseen, whatever comes, and letters and marks as they are", () => {
    const unseen = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?![\n\t])\p{Cc}/u;
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
        }),
        (text) => !unseen.test(visible(text)) && !/[\n\t]/.test(visibleLine(text)),
      ),
    );
    expect(visibleLine("a\uFE0F\u034F\u2800b")).toBe("a⟨U+FE0F⟩⟨U+034F⟩⟨U+2800⟩b");
    expect(visible("Müller & Söhne — 東京 🙂 ل")).toBe("Müller & Söhne — 東京 🙂 ل");
  });

  test("indents JSON, and takes text that is none", () => {
    expect(visibleJson('{"a":"\\u202e"}')).toBe('{\n  "a": "⟨U+202E⟩"\n}');
    expect(visibleJson("{…")).toBe("{…");
  });
});

describe("arguments as lines", () => {
  test("names them in words, and lists in a line each", () => {
    const text = JSON.stringify({
      customerId: "k1",
      expectedTotalMinor: 1200,
      lines: [
        { productId: "p1", quantity: 20 },
        { productId: "p2", quantity: 1 },
      ],
      tags: ["a", "b"],
      urgent: true,
      empty: {},
    });
    expect(argumentLines(text)).toEqual({
      more: 0,
      lines: [
        { label: "Customer id", value: "k1" },
        { label: "Expected total minor", value: "1200" },
        { label: "Lines 1", value: 'Product id "p1", quantity 20' },
        { label: "Lines 2", value: 'Product id "p2", quantity 1' },
        { label: "Tags", value: '"a", "b"' },
        { label: "Urgent", value: "yes" },
        { label: "Empty", value: "none" },
      ],
    });
  });

  test("a text cannot pass for the members beside it", () => {
    const item = { productId: "p1, quantity 1, note ok", quantity: 1000 };
    const [line] = argumentLines(JSON.stringify({ lines: [item] })).lines;
    expect(line?.value).toBe('Product id "p1, quantity 1, note ok", quantity 1000');
    const [tags] = argumentLines(JSON.stringify({ tags: ['a", "b'] })).lines;
    expect(JSON.parse(tags!.value)).toBe('a", "b');
  });

  test("counts what is too much, and says nothing of what is no object", () => {
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`n${String(n)}`, n]));
    const { lines, more } = argumentLines(JSON.stringify(many));
    expect([lines.length, more]).toEqual([20, 5]);
    expect(argumentLines("{…")).toEqual({ lines: [], more: 0 });
    expect(argumentLines('"text"')).toEqual({ lines: [], more: 0 });
  });

  test("shows the members of any arguments, and never fails", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        argumentLines(JSON.stringify(value)).lines.every((line) => typeof line.value === "string"),
      ),
    );
  });
});

describe("held calls", () => {
  const waiting = { state: "awaiting_approval", expiresAt: at(23 * 60 + 12) } as const;
  const yes = { verdict: "approved", by: "Ada", how: "operator", at: at(0) } as const;
  const no = { ...yes, verdict: "denied" } as const;
  const line = (approval: Parameters<typeof outcomeLine>[0]) =>
    outcomeLine(approval, "Ada", NOW).replace(/, \d\d:\d\d( [AP]M)?/, ", HH:MM");

  test("say until when, and that the last hour is one", () => {
    expect(expiryLine(waiting, NOW)).toBe("expires in 23 h 12 min");
    expect(expiryLine({ expiresAt: at(-1) }, NOW)).toBe("expired");
    expect([isUrgent(waiting, NOW), isUrgent({ expiresAt: at(59) }, NOW)]).toEqual([false, true]);
  });

  test("tell keys of one name apart", () => {
    const key = { keyId: "k9Zq3bTt7f3k", subject: "claude" };
    expect(keyOf({ ...key, keyName: "Sales" })).toBe("Sales (…7f3k)");
    expect(keyOf(key)).toBe("k9Zq3bTt7f3k");
  });

  const over = { expiresAt: at(5) };
  const failure = { code: "out_of_stock", message: "Only 3 are left" };
  const narrowed = { code: "no_longer_allowed", message: "The rights of this key changed." };
  test.each([
    [waiting, "Nothing has been done yet."],
    [{ ...over, state: "succeeded", decision: yes }, "Approved by you, HH:MM."],
    [{ ...over, state: "working", decision: yes }, "Approved by you, HH:MM. It runs now."],
    [
      { ...over, state: "failed", decision: yes, failure },
      "Approved by you, HH:MM, but failed: out_of_stock. Only 3 are left.",
    ],
    [
      { ...over, state: "failed", decision: yes, failure: narrowed },
      "Approved by you, HH:MM, but it could no longer run. The rights of this key changed.",
    ],
    [{ ...over, state: "denied", decision: no }, "Denied by you, HH:MM. Nothing was done."],
    [
      { ...over, state: "denied", decision: { ...no, how: "app" } },
      "Denied by Ada, HH:MM. Nothing was done.",
    ],
    [
      { ...over, state: "cancelled" },
      "The call was withdrawn before anyone decided. Nothing was done.",
    ],
    [
      { ...over, state: "unknown", decision: yes },
      "Approved by you, HH:MM. Whether it was done is not known: look before you ask for it again.",
    ],
  ] as const)("say what became of them: %o", (approval, expected) => {
    expect(line(approval)).toBe(expected);
  });

  test("say why a decision was refused", () => {
    const refused = (code: string) => refusalLine({ code, message: "told so" });
    expect(refused("own_call")).toBe("You asked for this; somebody else must decide.");
    expect(refused("changed")).toBe("Changed since you opened it. Look again.");
    expect(refused("other")).toBe("told so.");
  });
});

/** What the audit log keeps of a call's arguments: redacted, cut, and with a digest of the whole. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rpc } from "../../support/gate";
import { added, call, key, t } from "./setup";

describe("arguments", () => {
  const argumentsOf = async (args: object) => (await added(() => call("nonesuch", args)))[0]!;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  test.each([
    "password",
    "newPassword",
    "PASSWD",
    "secret",
    "clientSecret",
    "token",
    "access_token",
    "apiKey",
    "api_key",
    "Authorization",
    "credentials",
    "privateKey",
    "cvv",
    "iban",
    "cardNumber",
    "card_number",
  ])("named %s are redacted, at any depth", async (name) => {
    const row = await argumentsOf({ [name]: "hunter2", list: [{ [name]: { deep: "hunter2" } }] });
    expect(row.arguments).not.toContain("hunter2");
    expect(JSON.parse(row.arguments!)).toEqual({
      [name]: "[redacted]",
      list: [{ [name]: "[redacted]" }],
    });
  });

  test("with the text of a key in them lose it, and keep the rest", async () => {
    const row = await argumentsOf({ note: `is ${key} mine?`, list: [key, `${key}${key}`] });
    expect(JSON.parse(row.arguments!)).toEqual({
      note: "is [redacted] mine?",
      list: ["[redacted]", "[redacted][redacted]"],
    });
  });

  test("named like a key lose it too", async () => {
    const row = await argumentsOf({ [key]: 1, deep: { [`x ${key}`]: 1 } });
    expect(row.arguments).not.toContain(key);
  });

  test("that are harmless stay as they are", async () => {
    const args = { customerId: "c1", lines: [{ productId: "p", quantity: 3 }], text: "für Ada" };
    expect(await argumentsOf(args)).toMatchObject({ arguments: JSON.stringify(args) });
  });

  test("up to 2048 characters are all there, and need no digest", async () => {
    const args = { a: "x".repeat(2048 - '{"a":""}'.length) };
    const row = await argumentsOf(args);
    expect(row.arguments).toBe(JSON.stringify(args));
    expect(row).not.toHaveProperty("digest");
    expect(await argumentsOf({ a: `${args.a}x` })).toHaveProperty("digest");
  });

  test("are cut at 2048 characters; the digest is of the whole", async () => {
    const args = { a: "x".repeat(3000), b: 1 };
    const row = await argumentsOf(args);
    expect(row.arguments).toBe(`${JSON.stringify(args).slice(0, 2048)}…`);
    expect(row.digest).toBe(sha256(JSON.stringify(args)));
    const other = await argumentsOf({ ...args, b: 2 });
    expect(other.arguments).toBe(row.arguments);
    expect(other.digest).not.toBe(row.digest);
  });

  test("that end in a key where they are cut show no part of it", async () => {
    for (let before = 2048 - 90; before < 2050; before += 7) {
      const row = await argumentsOf({ a: "x".repeat(before) + key });
      expect(row.arguments).not.toContain(key.slice(0, 20));
    }
  });

  test("that are cut have one digest, whatever the order of their members", async () => {
    const long = "x".repeat(3000);
    const { digest } = await argumentsOf({ a: long, b: { c: 2, d: 3 } });
    expect((await argumentsOf({ b: { d: 3, c: 2 }, a: long })).digest).toBe(digest);
    expect(digest).toBe(sha256(`{"a":"${long}","b":{"c":2,"d":3}}`));
  });

  test("that are cut have a digest of what the redaction left", async () => {
    const long = "x".repeat(3000);
    const { digest } = await argumentsOf({ a: long, pin: key, password: "hunter2" });
    expect(digest).toBe(sha256(`{"a":"${long}","password":"[redacted]","pin":"[redacted]"}`));
  });

  test("are not in the rows of other methods", async () => {
    const [row] = await added(() => rpc(t, key, "ping", { arguments: { a: 1 } }));
    expect(row).not.toHaveProperty("arguments");
  });
});

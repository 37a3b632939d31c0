/** What the audit log keeps of a call's arguments: redacted, cut, and with a digest of the whole. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rpc } from "../../support/gate";
import { added, call, key, t } from "./setup";

describe("arguments", () => {
  const argumentsOf = async (args: object) => (await added(() => call("nonesuch", args)))[0]!;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  /** Each in its words; a test writes them in every style. */
  const secretNames =
    `password, new password, pass word, passwd, pwd, pass phrase, pass code, pin, pin code, puk, tan, otp, mfa,
    one time code, secret, client secret, token, access token, tokens, cookie, cookies, session, session id, jwt, api key, x api key,
    private key, access key, authorization, auth, credentials, cvv, cvc, security code, card, credit card, card number, card no, debit
    card, iban, bic, account number, bank account, bank account no, sort code, routing number, tax id, tax number, tin, ssn, social
    security number, passport, passport no, id card, id number, national id, driving licence, passwort, neues passwort, kennwort, geheimnis,
    kontonummer, konto nummer, konto nr, bank verbindung, kredit karte, kreditkartennummer, karten nummer, prüf ziffer, steuer id,
    steuernummer, personalausweis, ausweis nr, reisepass, sozialversicherungsnummer, führerschein`
      .split(",")
      .map((name) => name.trim().split(/\s+/));

  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const styles: readonly ((words: readonly string[]) => string)[] = [
    (words) => words.join("_"),
    (words) => words.join("-").toUpperCase(),
    (words) => words.map(capital).join(""),
    ([first = "", ...others]) => first + others.map(capital).join(""),
    (words) => `customer${words.map(capital).join(".")}2`,
    (words) => capital(words.join("\u200b ")),
  ];

  test("named like a secret are redacted whole, in any style and at any depth", async () => {
    const names = secretNames.flatMap((words) => styles.map((style) => style(words)));
    const values = ["hunter2", 4711, { deep: "hunter2" }, ["hunter2"], true];
    for (const part of [names.slice(0, 200), names.slice(200)]) {
      const args = Object.fromEntries(part.map((name, i) => [name, values[i % values.length]]));
      const { digest } = await argumentsOf({ list: [args] });
      const redacted = Object.fromEntries(part.map((name) => [name, "[redacted]"]).sort());
      expect(digest).toBe(sha256(JSON.stringify({ list: [redacted] })));
    }
    expect((await argumentsOf({ a: [{ newPassword: 1 }] })).arguments).toBe(
      '{"a":[{"newPassword":"[redacted]"}]}',
    );
  });

  test("named otherwise keep their value, though a secret's name is in the name", async () => {
    const args = Object.fromEntries(
      `shipping, authorName, authors, secretary, opinion, compass, tangent, cardinality, keyboard, pinned, publicKey, accountNotes,
      taxonomy, taxRate, invoiceNumber, customerId, country, sku, spinner, option, hotpot, distinct, besidesId, paidNumber, idNote`
        .split(",")
        .map((name) => [name.trim(), 1]),
    );
    expect((await argumentsOf(args)).arguments).toBe(JSON.stringify(args));
  });

  test("with the text of a key in them lose it, and keep the rest", async () => {
    const row = await argumentsOf({ note: `is ${key} mine?`, list: [key, `${key}${key}`] });
    expect(JSON.parse(row.arguments!)).toEqual({
      note: "is [redacted] mine?",
      list: ["[redacted]", "[redacted][redacted]"],
    });
  });

  test("with a key in them that is broken, cut or encoded lose it, and their digest tells nothing of it", async () => {
    const secret = key.slice("cvxmcp_live_".length + 13);
    const half = (sign: string) => `${secret.slice(0, 22)}${sign}${secret.slice(22)}`;
    const mangled = [
      key.slice(0, -1),
      key.toUpperCase(),
      secret,
      secret.slice(0, 43),
      ...[half(" "), half("\n"), half("\u200b"), `${key.slice(0, 50)}\r\n\t${key.slice(50)}`],
      Buffer.from(key).toString("base64"),
      Buffer.from(`ada:${secret}`).toString("base64url"),
      Buffer.from(key).toString("hex").replace(/../g, "%$&"),
      Buffer.from(key).toString("hex").replace(/../g, "\\u00$&"),
      JSON.stringify({ deep: JSON.stringify(`\n${key}\n`) }),
    ];
    for (const text of mangled) {
      const row = await argumentsOf({ text: `My key: ${text}.`, [text]: 1 });
      for (const piece of [0, 10, 20].map((at) => text.slice(-40).slice(at, at + 20)))
        expect(row.arguments).not.toContain(JSON.stringify(piece).slice(1, -1));
      expect(JSON.parse(row.arguments!)).toHaveProperty("text");
    }
    const filler = "a word ".repeat(400);
    const { digest } = await argumentsOf({ filler, text: secret });
    expect(digest).toBe(sha256(JSON.stringify({ filler, text: "[redacted]" })));
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

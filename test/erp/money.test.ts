/**
 * Amounts: written by the minor units of ISO 4217, in each text of the ERP.
 *
 * The list is ISO's own, as the package `currency-codes` has it. What ISO has changed since is named here.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import isoList from "currency-codes/iso-4217-list-one.xml?raw";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digitsOf } from "../../convex/erp/currencies";
import { money } from "../../convex/erp/money";
import { moneyIn } from "../../views/shared/format";
import { callTool, issueKey, newServer, rows, rpc } from "../support/gate";
import { erp, newBackend, refusal } from "./setup";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

const ENTRY = /<Ccy>([A-Z]{3})<\/Ccy>\s*<CcyNbr>\d+<\/CcyNbr>\s*<CcyMnrUnts>([^<]+)</g;

/** The euro has replaced the lev, the Caribbean guilder that of the Antilles; the convertible peso is gone. */
const GONE = ["ANG", "BGN", "CUC"];
const NEW = [
  ["XAD", "2"],
  ["XCG", "2"],
] as const;

/** Code → digits, `N.A.` where ISO has no minor unit. */
const iso = new Map<string, string>([
  ...[...isoList.matchAll(ENTRY)].map(([, code, unit]): [string, string] => [code!, unit!]),
  ...NEW,
]);
for (const code of GONE) iso.delete(code);

const codes = [...iso].filter(([, unit]) => unit !== "N.A.").map(([code]) => code);
const without = [...iso.keys()].filter((code) => !codes.includes(code));

const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));

test("every code of three letters has the digits that ISO 4217 states, or none", () => {
  expect(codes.length).toBeGreaterThan(150);
  expect(without).toContain("XAU");
  const all = LETTERS.flatMap((a) => LETTERS.flatMap((b) => LETTERS.map((c) => a + b + c)));
  const listed = all.flatMap((code) => {
    const digits = digitsOf(code);
    return digits === undefined ? [] : [[code, String(digits)]];
  });
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(codes.map((code) => [code, iso.get(code)])),
  );
});

/** The minor units of a text that `money` wrote, by another way: the point is moved, nothing is cut. */
const minorIn = (text: string, currency: string): bigint => {
  const [, sign, whole, fraction = "", code] = /^(-?)(\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(text)!;
  expect([code, fraction.length]).toEqual([currency, Number(iso.get(currency))]);
  return BigInt(`${sign}${whole}${fraction}`);
};

const amounts = fc.oneof(
  fc.integer({ min: -20_000, max: 20_000 }),
  fc.integer({ min: -1e15, max: 1e15 }),
);

test("an amount in any currency is read back as it was, from the ERP's texts and from views", () => {
  for (const currency of codes) {
    const { format } = moneyIn(currency, { locale: "en-US" });
    fc.assert(
      fc.property(amounts, (minor) => {
        expect(minorIn(money(minor, currency), currency)).toBe(BigInt(minor));
        const seen = format(minor);
        const number = /\d[\d,]*(?:\.\d+)?/.exec(seen)![0].replaceAll(",", "");
        const sign = seen.includes("-") ? "-" : "";
        expect(`${sign}${number} ${currency}`).toBe(money(minor, currency));
      }),
      { numRuns: 20 },
    );
  }
});

describe("a tenant", () => {
  test("may have a currency with a minor unit", async () => {
    const t = newBackend();
    for (const currency of ["EUR", "JPY", "KWD", "CLF", ...NEW.map(([code]) => code)]) {
      const tenant = { slug: currency.toLowerCase(), name: currency, currency };
      expect(await t.mutation(erp.tenants.create, tenant)).toEqual(tenant);
    }
  });

  test("may have no other", async () => {
    const t = newBackend();
    const others = ["", "eur", "EURO", "EU", "ABC", "€", " EUR", "EUR ", "EUR USD", "constructor"];
    for (const currency of [...without, ...GONE, ...others]) {
      const { code, message } = await refusal(
        t.mutation(erp.tenants.create, { slug: "acme", name: "Acme", currency }),
      );
      expect([code, message]).toEqual([
        "invalid_arguments",
        expect.stringMatching(/^currency: a code that ISO 4217 lists/),
      ]);
    }
    expect(await rows(t, "tenants")).toEqual([]);
  });
});

const t = await newServer({ demo: true });
const { key } = await issueKey(t);

/** Puts all amounts of the demo company into another currency. */
const become = (currency: string) =>
  t.run(async (ctx) => {
    for (const table of ["tenants", "orders", "invoices"] as const)
      for (const { _id } of await ctx.db.query(table).collect())
        await ctx.db.patch(table, _id, { currency });
  });

const own = async <Table extends "orders" | "invoices" | "products">(table: Table) => {
  const tenant = (await rows(t, "tenants")).find(({ slug }) => slug === "acme")!;
  return (await rows(t, table)).filter(({ tenantId }) => tenantId === tenant._id);
};

/** Every amount that the company knows. */
const amountsNow = async (): Promise<Set<number>> => {
  const orders = await own("orders");
  const invoices = await own("invoices");
  const open = invoices.map(({ totalMinor, paidMinor }) => totalMinor - paidMinor);
  return new Set([
    ...(await own("products")).map(({ unitPriceMinor }) => unitPriceMinor),
    ...orders.flatMap(({ lines, totalMinor }) => [
      totalMinor,
      ...lines.flatMap(({ unitPriceMinor, lineTotalMinor }) => [unitPriceMinor, lineTotalMinor]),
    ]),
    ...invoices.flatMap(({ totalMinor, paidMinor }) => [totalMinor, paidMinor]),
    ...[...open, open.reduce((sum, one) => sum + one, 0)],
  ]);
};

/** The texts of the ERP in which amounts stand, by what one asks for. */
const textsNow = async (): Promise<Record<string, string[]>> => {
  const ask = async (method: string, params: object) => {
    const { contents, messages } = (await rpc(t, key, method, params)).json.result!;
    return JSON.stringify(contents ?? messages);
  };
  const uri = (text: string) => ask("resources/read", { uri: text });
  const prompt = (name: string, args: object) => ask("prompts/get", { name, arguments: args });
  const tool = async (name: string, args: object) => {
    const { isError, content } = await callTool(t, key, name, args);
    expect(isError).toBe(true);
    return content[0]!.text;
  };
  const orders = await own("orders");
  const [draft, confirmed] = ["draft", "confirmed"].map(
    (status) => orders.find((order) => order.status === status)!._id,
  );
  const invoices = await own("invoices");
  const open = invoices.find(({ status, paidMinor }) => status === "open" && paidMinor > 0)!;
  const { customerName: customer, number } = open;
  const states = ["draft", "confirmed", "invoiced", "cancelled"];
  const [product] = await own("products");
  const payment = { amountMinor: open.totalMinor, method: "card", reference: "R" };
  return {
    "erp://overview": [await uri("erp://overview")],
    "erp://products/{sku}": [await uri(`erp://products/${product!.sku}`)],
    "erp://invoices/{number}": [await uri(`erp://invoices/${number}`)],
    dunning_letter: [await prompt("dunning_letter", { customer })],
    order_review: await Promise.all(states.map((status) => prompt("order_review", { status }))),
    orders_cancel: [await tool("orders_cancel", { orderId: confirmed, reason: "none" })],
    invoices_issue: [await tool("invoices_issue", { orderId: confirmed })],
    orders_confirm: [await tool("orders_confirm", { orderId: draft, expectedTotalMinor: 54_321 })],
    payments_record: [await tool("payments_record", { invoiceId: open._id, ...payment })],
  };
};

describe.each(["JPY", "KWD", "CLF", "EUR"])("an ERP in %s", (currency) => {
  test("shows every amount by its minor units, and no amount in another way", async () => {
    await become(currency);
    const known = await amountsNow().then((some) => some.add(54_321));
    const texts = await textsNow();
    for (const [what, all] of Object.entries(texts)) {
      for (const text of all) {
        const shown = text.match(new RegExp(`-?\\d[\\d.,']*\\d ${currency}`, "g")) ?? [];
        expect([what, shown]).not.toEqual([what, []]);
        for (const one of shown)
          expect([what, one, known.has(Number(minorIn(one, currency)))]).toEqual([what, one, true]);
        // Numbers, days and SKUs are no amounts. What a caller has to send is named as the argument it goes into.
        const rest = shown
          .reduce((left, one) => left.replaceAll(one, ""), text)
          .replaceAll(/\b[A-Z]{2,3}-\d+|\d{4}-\d\d-\d\d|\b(?:amount|expectedTotal)Minor \d+/g, "");
        const left = rest.match(/\d[\d.,']*/g) ?? [];
        const hidden = left.filter((one) => known.has(Number(one.replaceAll(/\D/g, ""))));
        expect([what, hidden.filter((one) => one.length > 3)]).toEqual([what, []]);
      }
    }
  });
});

test("no text is left out here", async () => {
  const names = async (method: string, member: string, name: string) =>
    ((await rpc(t, key, method)).json.result![member] as Record<string, unknown>[])
      .map((item) => item[name])
      .filter((one) => !String(one).startsWith("ui://"));
  const read = Object.keys(await textsNow());
  for (const listed of [
    await names("resources/list", "resources", "uri"),
    await names("resources/templates/list", "resourceTemplates", "uriTemplate"),
    await names("prompts/list", "prompts", "name"),
  ]) {
    expect(listed).not.toEqual([]);
    expect(read).toEqual(expect.arrayContaining(listed));
  }
});

test("what a caller must send next is told in minor units", async () => {
  const { orders_confirm, payments_record } = await textsNow();
  const draft = (await own("orders")).find(({ status }) => status === "draft")!;
  expect(orders_confirm![0]).toContain(`expectedTotalMinor ${draft.totalMinor}.`);
  const open = (await own("invoices")).find((one) => one.status === "open" && one.paidMinor)!;
  expect(payments_record![0]).toContain(`(amountMinor ${open.totalMinor - open.paidMinor})`);
});

test("no other file of the ERP or its views writes an amount", () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const files = ["convex/erp", "views"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  expect(files.length).toBeGreaterThan(50);
  for (const file of files.filter((one) => one !== "convex/erp/money.ts")) {
    const text = readFileSync(path.join(root, file), "utf8");
    const asText = text.match(/(?<!Minor )\$\{(?!money[(.])[^}]*[mM]inor[^}]*\}/g) ?? [];
    expect([file, asText, /toFixed|\/ 100\b/.exec(text)]).toEqual([file, [], null]);
    if (file !== "views/shared/format.ts")
      expect([file, /\bIntl\b/.exec(text)]).toEqual([file, null]);
  }
});

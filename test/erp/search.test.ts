/** Searches and lists tell the truth: all pages together are the rows that a plain filter over the table gives, each once. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { insertCustomer } from "../../convex/erp/customerRows";
import { insertProduct } from "../../convex/erp/products";
import { matches, queryWords, searchable } from "../../convex/erp/textSearch";
import { within } from "../support/within";
import { erp, newErp, rows, walk, type Agent, type Backend } from "./setup";

type Named = { readonly name: string };

const customers = (agent: Agent, text: string, limit = 50) =>
  walk((cursor) => agent.query(erp.customers.search, { text, limit, ...cursor }));

const products = (agent: Agent, text: string, limit = 50) =>
  walk((cursor) => agent.query(erp.products.search, { text, limit, ...cursor }));

const namesOf = ({ items }: { items: readonly Named[] }) => items.map(({ name }) => name);

/** Adds customers with these names, in order, to acme. */
const addCustomers = (t: Backend, names: readonly string[]) =>
  t.run(async (ctx) => {
    const tenant = (await ctx.db.query("tenants").first())!;
    for (const [at, name] of names.entries())
      await insertCustomer(within(ctx, tenant), { name, email: `c${String(at)}@host.example` });
  });

const addProducts = (t: Backend, names: readonly string[]) =>
  t.run(async (ctx) => {
    const tenant = (await ctx.db.query("tenants").first())!;
    for (const [at, name] of names.entries())
      await insertProduct(within(ctx, tenant), {
        sku: `C${String(at)}-Host`,
        name,
        unitPriceMinor: 1,
      });
  });

const newCustomers = async (...names: string[]) => {
  const { t, acme } = await newErp();
  await addCustomers(t, names);
  return acme;
};

const numbered = (count: number, name: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => name(at));

describe("a search", () => {
  test("finds all 250 of a word, and of a name, each once, and ends with null", async () => {
    const acme = await newCustomers(...numbered(250, () => "Zwilling GmbH"));
    for (const text of ["gmb", "Zwilling GmbH"]) {
      const { items, sizes } = await customers(acme, text);
      expect(new Set(items.map(({ id }) => id)).size).toBe(250);
      // After a name that is the whole query come those that only have its words: here there is none.
      expect(sizes.filter((size) => size > 0)).toEqual([50, 50, 50, 50, 50]);
    }
  });

  test("takes words in any order, wherever they stand, and the beginning of each", async () => {
    const acme = await newCustomers("Hansen & Söhne Metallbau KG", "Hansen Holzbau KG");
    for (const text of ["kg metall", "metall kg", "söh han", "SOHNE", "host c0"])
      expect(namesOf(await customers(acme, text))).toEqual(["Hansen & Söhne Metallbau KG"]);
    for (const text of ["etallbau", "hansen holz metall", "hansenx"])
      expect(namesOf(await customers(acme, text))).toEqual([]);
  });

  test("tells a row whose name is the query first, and not again", async () => {
    const acme = await newCustomers("Ada Lovelace", "Ada Ada", "adalbert", "ADA", "Adá");
    const found = await customers(acme, "ada", 1);
    expect(namesOf(found).slice(0, 2)).toEqual(["ADA", "Adá"]);
    expect([...namesOf(found)].sort()).toEqual([
      ...["ADA", "Ada Ada", "Ada Lovelace", "Adá", "adalbert"],
    ]);
    expect(Math.max(...found.sizes)).toBe(1);
  });

  test("tells a product whose article number is the query first", async () => {
    const { t, acme } = await newErp();
    await t.run(async (ctx) => {
      const tenant = (await ctx.db.query("tenants").first())!;
      for (const sku of ["A-10", "A-11", "A-1"])
        await insertProduct(within(ctx, tenant), { sku, name: "A 1 b", unitPriceMinor: 1 });
    });
    expect((await products(acme, "a-1", 2)).items.map(({ sku }) => sku)).toEqual([
      ...["A-1", "A-10", "A-11"],
    ]);
  });

  test.each<[string, string[], string[]]>([
    ["Straße", ["strasse", "STRASSE", "straß"], ["rasse"]],
    ["ΟΔΟΣ", ["οδός", "οδοσ", "οδος"], []],
    ["İstanbul Kapı", ["istanbul", "KAPI", "ıst"], []],
    ["Ёлка и Ко", ["елка", "ЁЛК ко"], ["лка"]],
    ["株式会社東京ABC商事", ["東京", "abc", "会社 商事", "京ABC"], ["東商", "bc"]],
    ["カタカナ・ガス", ["カナ", "ｶﾀｶﾅ", "カス"], []],
    ["บริษัทไทย", ["ไทย", "บริษัท"], []],
    ["김치 공장", ["공장", "김치"], []],
    ["شركة محمد", ["محمد"], []],
    ["𠮷野家", ["𠮷野", "野家"], []],
    ["***", ["*", "***"], ["****", "x"]],
    ["🎉🔥", ["🔥", "🎉", "🎉🔥"], ["🔥🎉"]],
    ["❤️", ["❤"], []],
    ["´", ["´"], ["`"]],
    ["№ ½", ["no"], []],
    ["AT&T 🎉", ["at t", "t", "🎉 at"], ["🎉", "&"]],
    ["a".repeat(120), ["a".repeat(100), "a".repeat(41)], [`${"a".repeat(60)}b`]],
    ["字".repeat(120), ["字".repeat(100)], [`${"字".repeat(60)}a`]],
  ])("of %j", async (name, found, missed) => {
    const acme = await newCustomers(name, "Else");
    for (const text of found)
      expect([text, namesOf(await customers(acme, text))]).toEqual([text, [name]]);
    for (const text of missed)
      expect([text, namesOf(await customers(acme, text))]).toEqual([text, []]);
  });

  test("of any sign that a name can be made of alone", () => {
    for (let at = 0; at < 0x20000; at += at < 0x3400 || (at > 0xa000 && at < 0xac00) ? 1 : 7) {
      const sign = String.fromCodePoint(at);
      if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(sign) || /\p{Default_Ignorable_Code_Point}/u.test(sign))
        continue;
      if (!matches(searchable(sign), queryWords(sign)))
        expect(`U+${at.toString(16)}`).toBe("found");
    }
  });

  test("goes by what an update says", async () => {
    const { t, acme } = await newErp();
    await addCustomers(t, ["Old Name", "Other"]);
    const { id: customerId } = (await customers(acme, "old")).items[0]!;
    await acme.mutate(erp.customers.update, { customerId, name: "New Name" });
    expect(namesOf(await customers(acme, "old"))).toEqual([]);
    expect(namesOf(await customers(acme, "new name"))).toEqual(["New Name"]);
    await acme.mutate(erp.customers.update, { customerId, email: "sales@c.example", city: "Ulm" });
    expect(namesOf(await customers(acme, "c0"))).toEqual([]);
    expect(namesOf(await customers(acme, "sales new"))).toEqual(["New Name"]);
  });

  test("is of one tenant", async () => {
    const { t, acme, globex } = await newErp();
    await addCustomers(t, ["Ada"]);
    expect(namesOf(await customers(acme, "ada"))).toEqual(["Ada"]);
    expect(namesOf(await customers(globex, "ada"))).toEqual([]);
  });
});

/** A part of a name or a query: how it is written, and the form in which it is compared. Glued parts have no spaces between them. */
interface Part {
  readonly written: string;
  readonly plain: string;
  readonly script: "spaced" | "glued" | "sign";
}

const spaced = (written: string, plain: string): Part => ({ written, plain, script: "spaced" });

const SPACED = [
  ...[spaced("Müller", "muller"), spaced("MULLER", "muller"), spaced("Mull", "mull")],
  ...[spaced("Straße", "strasse"), spaced("STRASSE", "strasse"), spaced("Host", "host")],
  ...[spaced("ΟΔΟΣ", "οδοσ"), spaced("οδός", "οδοσ"), spaced("Иван", "иван"), spaced("иВА", "ива")],
  ...[
    spaced("محمد", "محمد"),
    spaced("42", "42"),
    spaced("4", "4"),
    spaced("C1", "c1"),
    spaced("ﬁx", "fix"),
  ],
];

const run = (script: "glued" | "sign", ...signs: string[]): fc.Arbitrary<Part> =>
  fc
    .array(fc.constantFrom(...signs), { minLength: 1, maxLength: 4 })
    .map((all) => ({ written: all.join(""), plain: all.join(""), script }));

const part = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...SPACED) },
  { weight: 3, arbitrary: run("glued", "東", "京", "𠮷", "ま", "ไ", "ท") },
  { weight: 2, arbitrary: run("sign", "*", "?", "🎉", "🔥") },
);
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
const written = (all: readonly Part[]) => all.map((one) => one.written).join(" ");

/** What counts: signs only where there is nothing else. */
const counted = (all: readonly Part[]) => {
  const lettered = all.filter(({ script }) => script !== "sign");
  return lettered.length > 0 ? lettered : all;
};

const isIn = (name: readonly Part[], email: readonly string[], wanted: Part): boolean =>
  [...counted(name), ...email.map((one) => spaced(one, one))].some(
    ({ script, plain }) =>
      script === wanted.script &&
      (script === "spaced" ? plain.startsWith(wanted.plain) : plain.includes(wanted.plain)),
  );

type Query = readonly [query: readonly Part[], limit: number];
const query: fc.Arbitrary<Query> = fc.tuple(parts, fc.integer({ min: 1, max: 50 }));

describe("all pages together are what a plain filter gives", () => {
  const check = async (
    names: readonly Part[][],
    queries: readonly Query[],
    kind: "customers" | "products",
  ) => {
    const { t, acme } = await newErp();
    if (kind === "customers") await addCustomers(t, names.map(written));
    else await addProducts(t, names.map(written));
    const all = (await rows(t, kind)).map((row) => ({
      id: row._id,
      // The other text that is searched, of which these are the words.
      words: ("email" in row ? row.email : row.sku.toLowerCase()).split(/\W/),
    }));
    for (const [query, limit] of queries) {
      const wanted = all.filter(({ words }, at) =>
        counted(query).every((one) => isIn(names[at]!, words, one)),
      );
      const search = kind === "customers" ? customers : products;
      const { items } = await search(acme, written(query), limit);
      const told = items.map(({ id }) => id);
      expect([written(query), told.sort()]).toEqual([
        ...[written(query), wanted.map(({ id }) => id).sort()],
      ]);
    }
  };

  test.each(["customers", "products"] as const)("%s by text", (kind) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(parts, { minLength: 1, maxLength: 60 }),
        fc.array(query, { minLength: 4, maxLength: 4 }),
        (names, queries) => check(names, queries, kind),
      ),
      { numRuns: 20 },
    ),
  );

  test("2,000 customers by text", async () => {
    const names = fc.sample(parts, 2000);
    const [two] = fc.sample(fc.tuple(part, part), 1);
    await check(names, [[two!, 50]], "customers");
  });
});

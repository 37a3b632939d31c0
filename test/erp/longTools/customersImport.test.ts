/** Importing customers: which lines land, which are named as bad, and none twice. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { issueKey, newServer, rows } from "../../support/gate";
import { jobOf } from "../../support/longApp";
import { call, finish, start, until } from "../../support/streamClient";
import { emails, linesOf, people, person, runImport } from "./setup";

process.env.TOOLGATE_LIMIT_SCALE = "1000000";

// Some tests make the app log an error.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterAll(() => {
  vi.restoreAllMocks();
});

const newCompany = async () => {
  const t = await newServer();
  const { key } = await issueKey(t);
  return { t, key };
};

// They mostly wait, so they wait together.
describe.concurrent("customers_import", () => {
  test("good lines land whole", async () => {
    const { t, key } = await newCompany();
    const full = {
      ...{ name: "  Ada Lovelace ", email: "Ada@Example.COM", phone: "+49 30 1" },
      ...{ city: "Berlin", country: "DE" },
    };
    expect(await runImport(t, key, linesOf([full, person(1)]))).toEqual({
      ...{ lines: 2, imported: 2, existing: 0, failed: 0, errors: [] },
    });
    const [ada, other] = await rows(t, "customers");
    expect(ada).toMatchObject({ ...full, name: "Ada Lovelace", email: "ada@example.com" });
    expect(other).toMatchObject(person(1));
    expect(other).not.toHaveProperty("phone");
    const found = await call(t, key, "customers_search", { text: "lovelace" });
    expect((found.structuredContent!.items as unknown[]).length).toBe(1);
    const tenants = await rows(t, "tenants");
    expect(ada!.tenantId).toBe(tenants.find(({ slug }) => slug === "acme")!._id);
  });

  test("bad lines are named by their number, and stop nothing", async () => {
    const { t, key } = await newCompany();
    const lines = [
      "",
      JSON.stringify(person(1)),
      "   ",
      "{ not json",
      '{"name":"A"}',
      '{"name":7,"email":"a@example.com"}',
      '{"name":"A","email":"no address"}',
      '{"name":"A","email":"a@example.com","vat":"DE1"}',
      '{"name":"   ","email":"a@example.com"}',
      '{"name":"A","email":"a@example.com","country":"de"}',
      "[]",
      "null",
      '"text"',
      "17",
      `{"name":"${"x".repeat(121)}","email":"a@example.com"}`,
      '{"name":"A","email":"a@example.com","phone":null}',
      `${JSON.stringify(person(2))} trailing`,
      JSON.stringify(person(3)),
      "",
    ].join("\r\n");
    const report = await runImport(t, key, lines);
    expect(report).toMatchObject({ lines: 16, imported: 2, existing: 0, failed: 14 });
    expect(report.errors.map(({ line }) => line)).toEqual([
      ...[4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
    ]);
    const messageOf = (line: number) => report.errors.find((error) => error.line === line)!.message;
    expect(messageOf(4)).toBe("not valid JSON");
    expect(messageOf(17)).toBe("not valid JSON");
    expect(messageOf(5)).toMatch(/^email: /);
    expect(messageOf(6)).toMatch(/^name: /);
    expect(messageOf(8)).toContain('"vat"');
    expect(messageOf(10)).toMatch(/^country: /);
    expect(messageOf(16)).toMatch(/^phone: /);
    expect(await emails(t)).toEqual([person(1).email, person(3).email]);
  });

  test("lines that are JSON only to a lax parser are named, and the others land", async () => {
    const { t, key } = await newCompany();
    const email = '"email":"a@example.com"';
    const bad: readonly (readonly [line: string, message: string])[] = [
      [`{"name":"Half \\ud83d",${email}}`, "a string has an unpaired surrogate"],
      [`{"name":"\\udc00\\ud83d",${email}}`, "a string has an unpaired surrogate"],
      [`{"name":"A",${email},"\\ud83d":1}`, "a string has an unpaired surrogate"],
      [`{"name":"A","name":"B",${email}}`, 'the member "name" appears twice'],
      [`{"name":"A","\\u006eame":"B",${email}}`, 'the member "name" appears twice'],
      [`{"name":"A",${email},"__proto__":{}}`, 'the member name "__proto__" is not allowed'],
      [`{"name":"A",${email},"n":1e999}`, "a number is too large"],
      [`${"[".repeat(70)}${"]".repeat(70)}`, "nested deeper than 64 levels"],
      [`{"name":"A",${email},}`, "not valid JSON"],
      [`{'name':'A'}`, "not valid JSON"],
      [`{"name":"A",${email}} // Ada`, "not valid JSON"],
      [`{"name":"A\tB",${email}}`, "not valid JSON"],
      [`{"name":"\\u200b",${email}}`, "name: expected a text in which there is something to see"],
    ];
    const smile = { name: "Smile \ud83d\ude00", email: "smile@example.com" };
    const text = [...bad.map(([line]) => line), JSON.stringify(person(1)), linesOf([smile])];
    expect(await runImport(t, key, text.join("\n"))).toMatchObject({
      ...{ lines: bad.length + 2, imported: 2, failed: bad.length },
      errors: bad.map(([, message], at) => ({ line: at + 1, message })),
    });
    expect(await emails(t)).toEqual([person(1).email, smile.email]);
  });

  test("LF and CRLF and their mix count the same", async () => {
    const { t, key } = await newCompany();
    const text = `${JSON.stringify(person(1))}\n\r\n${JSON.stringify(person(2))}\r\nbad\n`;
    expect(await runImport(t, key, text)).toMatchObject({
      ...{ lines: 3, imported: 2, errors: [{ line: 4 }] },
    });
  });

  test("a byte order mark does not cost the first line", async () => {
    const { t, key } = await newCompany();
    expect(await runImport(t, key, `\uFEFF${people(2)}`)).toMatchObject({ imported: 2 });
  });

  test("of the same address within a file, in whatever case and chunk, the first counts", async () => {
    const { t, key } = await newCompany();
    const many = Array.from({ length: 120 }, (_, n) => person(n));
    const twin = { name: "Twin", email: "PERSON-0@example.com" };
    const report = await runImport(t, key, linesOf([...many.slice(0, 5), twin, ...many, twin]));
    expect(report).toMatchObject({ lines: 127, imported: 120, existing: 7, failed: 0 });
    const all = await rows(t, "customers");
    expect(all).toHaveLength(120);
    expect(all[0]).toMatchObject({ name: "Person 0", email: "person-0@example.com" });
  });

  test("again imports nothing twice and changes nothing", async () => {
    const { t, key } = await newCompany();
    await runImport(t, key, people(130));
    const before = await rows(t, "customers");
    const changed = people(130).replaceAll("Person", "PERSON").replaceAll("person-", "Person-");
    expect(await runImport(t, key, changed)).toMatchObject({ imported: 0, existing: 130 });
    expect(await rows(t, "customers")).toEqual(before);
  });

  test("two at once import nothing twice", async () => {
    const { t, key } = await newCompany();
    const reports = await Promise.all([1, 2].map(() => runImport(t, key, people(250))));
    expect(reports[0]!.imported + reports[1]!.imported).toBe(250);
    expect(new Set(await emails(t)).size).toBe(250);
    expect(await emails(t)).toHaveLength(250);
  });

  test("names the first 100 errors and counts all", async () => {
    const { t, key } = await newCompany();
    const text = Array.from({ length: 150 }, () => "bad").join("\n") + "\n" + people(1);
    const report = await runImport(t, key, text);
    expect(report).toMatchObject({ lines: 151, imported: 1, failed: 150 });
    expect(report.errors.map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  test("no lines are no customers; no text at all is refused", async () => {
    const { t, key } = await newCompany();
    const nothing = { lines: 0, imported: 0, existing: 0, failed: 0, errors: [] };
    expect(await runImport(t, key, "\n \r\n\t\n")).toEqual(nothing);
    await expect(runImport(t, key, "")).rejects.toThrow("invalid_arguments: lines");
  });

  test("another tenant has its own addresses", async () => {
    const { t, key } = await newCompany();
    const globex = await issueKey(t, { tenant: "globex" });
    await runImport(t, key, people(3));
    expect(await runImport(t, globex.key, people(3))).toMatchObject({ imported: 3, existing: 0 });
  });

  test("a role without customers:import has no such tool", async () => {
    const { t } = await newCompany();
    const { key } = await issueKey(t, { role: "viewer" });
    await expect(finish(t, key, "customers_import", { lines: people(1) })).rejects.toThrow(
      "Unknown tool: customers_import",
    );
  });

  test("says how far it has come, chunk by chunk", async () => {
    const { t, key } = await newCompany();
    const told = vi.fn();
    const jobId = await start(t, key, "customers_import", { lines: people(250) });
    await until(async () => {
      const { progress, state } = await jobOf(t, jobId);
      if (progress !== undefined) told(progress);
      return state === "succeeded";
    });
    const { progress } = await jobOf(t, jobId);
    expect(progress).toEqual({ done: 250, total: 250, message: "250 of 250 customers" });
  });
});

/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "toolgate/test";
import schema from "./schema";

const modules = import.meta.glob("./**/*.*s");

const begin = async () => {
  const t = convexTest(schema, modules);
  const contacts = () => t.run((ctx) => ctx.db.query("contacts").collect());
  const audit = () => t.run((ctx) => ctx.db.query("toolgateAudit").collect());
  return { t, contacts, audit, key: await issueKey(t, { role: "admin" }) };
};

const ADA = { name: "Ada", email: "ada@example.com" };

test("clients see the schema that the functions have", async () => {
  const { t, key } = await begin();
  const tools = await listTools(t, key);
  const names = [
    "contacts_create",
    "contacts_list",
    "deals_import_lines",
    "jobs_cancel",
    "jobs_get",
  ];
  expect(tools.map(({ name }) => name).sort()).toEqual(names);
  const schemaOf = (name: string) => tools.find((tool) => tool.name === name)?.inputSchema;
  expect(schemaOf("contacts_create")).toMatchObject({
    required: ["name", "email"],
    properties: { companyId: { description: "id of companies" } },
  });
  expect(Object.keys(schemaOf("contacts_list")?.properties ?? {})).toEqual(["cursor", "limit"]);
});

test("wrong arguments are named, and nothing is written", async () => {
  const { t, key, contacts } = await begin();
  const { isError, text } = await callTool(t, key, "contacts_create", { name: "Ada", mail: "x" });
  expect(isError).toBe(true);
  expect(text).toContain("email");
  expect(text).toContain("mail");
  expect(await contacts()).toEqual([]);
});

test("an error of the app is told, once the app allows it", async () => {
  const { t, key, contacts } = await begin();
  expect((await callTool(t, key, "contacts_create", ADA)).isError).toBe(false);
  const again = await callTool(t, key, "contacts_create", ADA);
  expect(again.isError).toBe(true);
  expect(again.text).toContain("A contact with this email already exists");
  expect(await contacts()).toHaveLength(1);
});

test("a call that is repeated under its idempotency key has one effect, and a row each", async () => {
  const { t, key, contacts, audit } = await begin();
  const args = { ...ADA, idempotencyKey: "contact-of-ada" };
  const first = await callTool(t, key, "contacts_create", args);
  const second = await callTool(t, key, "contacts_create", args);
  expect(second.structuredContent).toEqual(first.structuredContent);
  expect(await contacts()).toHaveLength(1);
  const calls = (await audit()).filter(({ tool }) => tool !== undefined);
  expect(calls.map(({ tool, outcome }) => [tool, outcome])).toEqual([
    ["contacts_create", "succeeded"],
    ["contacts_create", "replayed"],
  ]);
});

test("pages are turned", async () => {
  const { t, key } = await begin();
  for (const name of ["a", "b", "c"])
    await callTool(t, key, "contacts_create", { name, email: `${name}@example.com` });
  const first = (await callTool(t, key, "contacts_list", { limit: 2 })).structuredContent;
  expect(first).toMatchObject({ isDone: false, page: [{ name: "c" }, { name: "b" }] });
  const cursor = first?.continueCursor;
  const second = await callTool(t, key, "contacts_list", { limit: 2, cursor });
  expect(second.structuredContent).toMatchObject({ page: [{ name: "a" }] });
});

test("an action runs as a job", async () => {
  const { t, key } = await begin();
  const { structuredContent: contact } = await callTool(t, key, "contacts_create", ADA);
  const args = { contactId: contact?.result, text: "Bolts;100\nNuts;50" };
  const imported = await callTool(t, key, "deals_import_lines", args);
  expect(imported.structuredContent).toEqual({ result: 2 });
});

test("an error that the app keeps to itself is a result too, and undoes its call", async () => {
  const { t, key } = await begin();
  const flags = globalThis as { hidesErrors?: boolean };
  flags.hidesErrors = true;
  const args = { ...ADA, email: "eve@example.com" };
  expect((await callTool(t, key, "contacts_create", args)).isError).toBe(false);
  const refused = await callTool(t, key, "contacts_create", args);
  flags.hidesErrors = false;
  expect(refused.isError).toBe(true);
  expect(refused.text).toContain("internal");
  expect(refused.text).not.toContain("already exists");
});

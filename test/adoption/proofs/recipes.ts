/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "toolgate/test";
import schema from "./schema";

const modules = import.meta.glob("./**/*.*s");

const begin = async () => {
  const t = convexTest(schema, modules);
  return { t, ada: await issueKey(t, { role: "admin", subject: "ada" }) };
};

const BREAD = { title: "Bread", minutes: 90, tags: ["oven"] };

test("the identity of the app reaches its functions", async () => {
  const { t, ada } = await begin();
  const bob = await issueKey(t, { role: "admin", subject: "bob" });
  expect((await callTool(t, ada, "agents_add", BREAD)).isError).toBe(false);
  expect((await callTool(t, ada, "agents_mine")).structuredContent).toMatchObject({
    result: [{ owner: "ada", title: "Bread" }],
  });
  expect((await callTool(t, bob, "agents_mine")).structuredContent).toEqual({ result: [] });
});

test("arguments in zod 3 are checked and explained", async () => {
  const { t, ada } = await begin();
  const good = await callTool(t, ada, "recipes_scale", { flour: 500, hydration: 70 });
  expect(good.structuredContent).toEqual({ water: 350, salt: 10 });
  const bad = await callTool(t, ada, "recipes_scale", { flour: 500, hydration: 20 });
  expect(bad.isError).toBe(true);
  expect(bad.text).toContain("hydration");
});

test("a write happens once, and has its record", async () => {
  const { t, ada } = await begin();
  const args = { ...BREAD, idempotencyKey: "bread-of-ada" };
  await callTool(t, ada, "agents_add", args);
  await callTool(t, ada, "agents_add", args);
  expect(await t.run((ctx) => ctx.db.query("recipes").collect())).toHaveLength(1);
  const rows = await t.run((ctx) => ctx.db.query("toolgateAudit").collect());
  const calls = rows.filter(({ tool }) => tool !== undefined);
  expect(calls.map(({ outcome }) => outcome)).toEqual(["succeeded", "replayed"]);
});

test("the schema is that of the functions", async () => {
  const { t, ada } = await begin();
  const tools = await listTools(t, ada);
  expect(tools.map(({ name }) => name).sort()).toEqual([
    "agents_add",
    "agents_mine",
    "recipes_scale",
  ]);
  const add = tools.find(({ name }) => name === "agents_add");
  expect(add?.inputSchema).toMatchObject({ required: ["title", "minutes", "tags"] });
  expect(JSON.stringify(add)).not.toContain("principal");
});

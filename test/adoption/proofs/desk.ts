/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "toolgate/test";
import schema from "./schema";

const modules = import.meta.glob("./**/*.*s");

const begin = async () => {
  const t = convexTest(schema, modules);
  return { t, key: await issueKey(t, { role: "admin" }) };
};

test("an argument named input is the app's own", async () => {
  const { t, key } = await begin();
  const { structuredContent: opened } = await callTool(t, key, "tickets_open", { subject: "Door" });
  expect(opened).toEqual({ result: 1 });
  const comment = { number: 1, input: "It squeaks." };
  expect((await callTool(t, key, "tickets_comment", comment)).isError).toBe(false);
  const rows = await t.run((ctx) => ctx.db.query("comments").collect());
  expect(rows).toMatchObject([{ input: "It squeaks." }]);
});

test("a ConvexError is told, and rolls back", async () => {
  const { t, key } = await begin();
  const missing = await callTool(t, key, "tickets_comment", { number: 7, input: "Hello" });
  expect(missing.isError).toBe(true);
  expect(missing.text).toContain("No ticket 7");
  expect(await t.run((ctx) => ctx.db.query("comments").collect())).toEqual([]);
});

test("unions are shown and checked", async () => {
  const { t, key } = await begin();
  const tools = await listTools(t, key);
  const names = ["tickets_by_status", "tickets_comment", "tickets_open"];
  expect(tools.map(({ name }) => name).sort()).toEqual(names);
  const byStatus = tools.find(({ name }) => name === "tickets_by_status");
  expect(JSON.stringify(byStatus?.inputSchema)).toContain("waiting");
  const wrong = await callTool(t, key, "tickets_by_status", { status: "lost" });
  expect(wrong.isError).toBe(true);
  expect(wrong.text).toContain("status");
});

test("a write happens once, and has its record", async () => {
  const { t, key } = await begin();
  const args = { subject: "Door", idempotencyKey: "door-ticket" };
  await callTool(t, key, "tickets_open", args);
  await callTool(t, key, "tickets_open", args);
  expect(await t.run((ctx) => ctx.db.query("tickets").collect())).toHaveLength(1);
  const rows = await t.run((ctx) => ctx.db.query("toolgateAudit").collect());
  const calls = rows.filter(({ tool }) => tool !== undefined);
  expect(calls.map(({ outcome }) => outcome)).toEqual(["succeeded", "replayed"]);
});

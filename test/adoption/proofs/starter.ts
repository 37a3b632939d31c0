/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "toolgate/test";
import schema from "./schema";

const modules = import.meta.glob("./**/*.*s");

test("tasks are added, listed and completed by an agent, once each", async () => {
  const t = convexTest(schema, modules);
  const key = await issueKey(t, { role: "admin" });
  const names = ["tasks_add", "tasks_complete", "tasks_get"];
  expect((await listTools(t, key)).map(({ name }) => name).sort()).toEqual(names);
  const args = { text: "Write tests", idempotencyKey: "write-tests" };
  const { structuredContent: added } = await callTool(t, key, "tasks_add", args);
  await callTool(t, key, "tasks_add", args);
  await callTool(t, key, "tasks_complete", { id: added?.result });
  expect((await callTool(t, key, "tasks_get")).structuredContent).toMatchObject({
    result: [{ text: "Write tests", isCompleted: true }],
  });
  const wrong = await callTool(t, key, "tasks_complete", { id: "none" });
  expect(wrong.isError).toBe(true);
  expect(wrong.text).toContain("id");
  const rows = await t.run((ctx) => ctx.db.query("toolgateAudit").collect());
  const calls = rows.filter(({ tool }) => tool !== undefined);
  expect(calls.map(({ outcome }) => outcome)).toEqual([
    ...["succeeded", "replayed", "succeeded", "answered", "failed"],
  ]);
});

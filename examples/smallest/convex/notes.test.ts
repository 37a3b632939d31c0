/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "toolgate/test";
import schema from "./schema";

const modules = import.meta.glob("./**/*.*s");

test("an agent adds a note, and reads it", async () => {
  const t = convexTest(schema, modules);
  const key = await issueKey(t, { role: "admin" });
  expect((await listTools(t, key)).map(({ name }) => name)).toEqual(["notes_add", "notes_list"]);
  const added = await callTool(t, key, "notes_add", { text: "Call Ada." });
  const { structuredContent } = await callTool(t, key, "notes_list");
  expect(structuredContent).toEqual({
    result: [{ id: added.structuredContent.result, text: "Call Ada." }],
  });
});

test("an empty note is refused, in words that the model reads", async () => {
  const t = convexTest(schema, modules);
  const key = await issueKey(t, { role: "admin" });
  const { isError, text } = await callTool(t, key, "notes_add", { text: " " });
  expect([isError, text]).toEqual([true, "A note needs a text."]);
});

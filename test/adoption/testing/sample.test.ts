/** The sample of docs/testing.md: what lies between the two lines is its text, but for where things are imported from. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, describe, vi } from "vitest";
import { modules, schema } from "./app";
// Sample:
import { convexTest } from "convex-test";
import { expect, test } from "vitest";
import { callTool, issueKey, listTools } from "../../../src/entry/test";

test("an agent adds a note, and reads it", async () => {
  const t = convexTest(schema, modules);
  const key = await issueKey(t, { role: "editor" });
  const added = await callTool(t, key, "notes_add", { text: "Call Ada." });
  expect(added.isError).toBe(false);
  const { structuredContent } = await callTool(t, key, "notes_list");
  expect(structuredContent).toEqual({ result: ["Call Ada."] });
});

test("what a function refuses is a result", async () => {
  const t = convexTest(schema, modules);
  const key = await issueKey(t, { role: "editor" });
  const result = await callTool(t, key, "notes_add", { text: "" });
  expect(result.isError).toBe(true);
  expect(result.text).toBe("empty: Say something.");
});

test("a viewer sees no tool that writes, and can call none", async () => {
  const t = convexTest(schema, modules);
  const key = await issueKey(t, { role: "viewer" });
  expect((await listTools(t, key)).map(({ name }) => name)).toEqual(["notes_list"]);
  await expect(callTool(t, key, "notes_add", { text: "Hi." })).rejects.toThrow("Unknown tool");
});
// End.

const root = path.resolve(import.meta.dirname, "../../..");

test("it is what docs/testing.md shows", async () => {
  const [, sample = ""] = /^\/\/ Sample:\n(.*?)^\/\/ End\.$/ms.exec(
    await readFile(import.meta.filename, "utf8"),
  )!;
  const shown = `/// <reference types="vite/client" />\n${sample}`
    .replace("../../../src/entry/test", "toolgate/test")
    .replace(
      /^(.*toolgate\/test";\n)/m,
      '$1import schema from "./schema";\n\nconst modules = import.meta.glob("./**/*.*s");\n',
    );
  expect(await readFile(path.join(root, "docs/testing.md"), "utf8")).toContain(
    `\`\`\`ts\n${shown.trim()}\n\`\`\``,
  );
});

describe("beyond the sample", () => {
  afterAll(() => vi.unstubAllEnvs());

  test("an action's result is awaited", async () => {
    const t = convexTest(schema, modules);
    const key = await issueKey(t, { role: "editor" });
    expect(await callTool(t, key, "notes_send")).toMatchObject({
      isError: false,
      structuredContent: { sent: true },
      text: '{"sent":true}',
      _meta: { "toolgate/operation": expect.any(String) },
    });
  });

  test("a failure throws if asked, with its words", async () => {
    const t = convexTest(schema, modules);
    const key = await issueKey(t, { role: "editor" });
    const orThrow = { orThrow: true };
    await expect(callTool(t, key, "notes_add", { text: "" }, orThrow)).rejects.toThrow(
      "notes_add: empty: Say something.",
    );
    expect((await callTool(t, key, "notes_list", {}, orThrow)).isError).toBe(false);
  });

  test("a wrong key, and a path where nothing is, are told", async () => {
    const t = convexTest(schema, modules);
    const key = await issueKey(t, { role: "viewer" });
    await expect(callTool(t, `${key}0`, "notes_list")).rejects.toThrow(
      "tools/call at /mcp: HTTP 401",
    );
    await expect(listTools(t, key, { path: "/api/mcp" })).rejects.toThrow("/api/mcp: HTTP 404");
  });

  test("a role that there is not is refused", async () => {
    const t = convexTest(schema, modules);
    await expect(issueKey(t, { role: "owner" })).rejects.toThrow("owner");
  });

  test("a pepper of the app's own stays as it is, and one is made if there is none", async () => {
    const t = convexTest(schema, modules);
    const own = `own:${"a".repeat(32)}`;
    vi.stubEnv("TOOLGATE_PEPPERS", own);
    await issueKey(t, { role: "viewer" });
    expect(process.env.TOOLGATE_PEPPERS).toBe(own);
    vi.stubEnv("TOOLGATE_PEPPERS", undefined);
    await issueKey(t, { role: "viewer" });
    expect(process.env.TOOLGATE_PEPPERS).toMatch(/^test:\w{32}$/);
  });
});

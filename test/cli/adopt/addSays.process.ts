/** What `toolgate add` says to a person: why a pattern fits nothing, how a function is wrapped, what else there is to do. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { glue } from "./probeGlue";
import { filesOf, newProject } from "./project";

const NOTES = `import { v } from "convex/values";
import { mutation, query } from "./_generated/server";
/** Reads. */
export const get = query({ args: {}, handler: () => null });
/** Writes. */
export const add = mutation({ args: {}, handler: () => null });
export const big = query({ args: { size: v.int64() }, handler: () => null });
`;

const app = (files: Readonly<Record<string, string>>) => newProject({ ...glue, ...files });

test("a pattern that fits nothing: the function is a tool already, can be none, or is not there", async () => {
  const folder = await app({ "convex/notes.ts": NOTES });
  const added = await toolgate(folder, "add", "notes.get", "--yes");
  expect([added.code, added.stderr]).toEqual([0, ""]);
  const refusal = async (pattern: string) => {
    const before = await filesOf(folder);
    const { code, stdout, stderr } = await toolgate(folder, "add", pattern, "--yes");
    expect([code, stdout, await filesOf(folder)]).toEqual([1, "", before]);
    return stderr.trim().split("\n");
  };
  const nothing = (pattern: string) => `Nothing that is no tool yet fits "${pattern}".`;
  const isTool = "notes:get is the tool notes_get already.";
  expect(await refusal("notes.get")).toEqual([nothing("notes.get"), isTool]);
  expect(await refusal("notes_get")).toEqual([nothing("notes_get"), isTool]);
  const cannot = expect.stringMatching(/^notes:big cannot be a tool: argument size: v\.int64\(\)/);
  expect(await refusal("notes:big")).toEqual([nothing("notes:big"), cannot]);
  expect(await refusal("nots")).toEqual([expect.stringContaining("Give a function as")]);
});

test("a permission that comes later reaches no role by itself, and that is said; the first ones do", async () => {
  const folder = await app({ "convex/notes.ts": NOTES });
  const first = await toolgate(folder, "add", "notes.get", "--yes");
  expect([first.code, first.stdout]).toEqual([0, expect.not.stringContaining("roles set")]);
  const later = await toolgate(folder, "add", "notes.add", "--yes");
  expect(later.stdout).toContain("New permissions: notes:write.");
  expect(later.stdout).toContain("\n  npx toolgate roles set <role> --add notes:write\n");
});

test("a wrapped function keeps its description and language, also one that is exported by default", async () => {
  const folder = await app({
    "convex/me.js": `import { query } from "./_generated/server";
/** Who is signed in. */
export const who = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
export const bare = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
/** The default one. */
export default query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
`,
  });
  const { stdout } = await toolgate(folder, "add", "me", "--yes");
  const [, lines = ""] = /\/\/ convex\/agents\/me\.js\n(.*?\n)\nThen: /s.exec(stdout) ?? [];
  await mkdir(path.join(folder, "convex/agents"));
  await writeFile(path.join(folder, "convex/agents/me.js"), lines);
  const bound = await toolgate(folder, "add", "agents.*", "--yes");
  expect([bound.code, bound.stderr]).toEqual([0, ""]);
  const { tools } = JSON.parse((await toolgate(folder, "check", "--json")).stdout);
  expect(tools.every(({ listed }: { listed?: object }) => listed !== undefined)).toBe(true);
  const described = tools.map(({ entry }: { entry: Record<string, string> }) => [
    entry.function,
    entry.description,
  ]);
  expect(described).toEqual(
    expect.arrayContaining([
      ["agents/me:who", "Who is signed in."],
      ["agents/me:default", "The default one."],
      ["agents/me:bare", expect.stringMatching(/^TODO:/)],
    ]),
  );
  const again = await toolgate(folder, "add", "agents.*", "--yes");
  expect(again.stderr).toContain("agents/me:default is the tool me already.");
});

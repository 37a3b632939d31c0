/** `toolgate add`: what it proposes, what it binds, and what it leaves alone. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { glue } from "./probeGlue";
import { filesOf, foreignProject, newProject } from "./project";

interface Proposal {
  readonly name: string;
  readonly function: string;
  readonly [field: string]: unknown;
}

const proposals = async (app: string, ...patterns: string[]): Promise<Proposal[]> => {
  const { code, stdout, stderr } = await toolgate(app, "add", ...patterns, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout).proposals;
};

test("an app of 500 functions is read in less than 5 s, and nothing is bound unasked", async () => {
  const modules = Array.from({ length: 50 }, (_, module) => {
    const functions = Array.from(
      { length: 10 },
      (_, number) => `/** Does number ${number}. */
export const ${number % 2 === 0 ? "get" : "update"}Thing${number} = ${number % 2 === 0 ? "query" : "mutation"}({
  args: { id: v.id("things"), text: v.optional(v.string()), more: v.object({ a: v.number(), b: v.array(v.string()) }) },
  returns: v.union(v.null(), v.object({ _id: v.id("things"), text: v.string() })),
  handler: async (ctx, args) => { await helper(ctx, args.text ?? ""); return null; },
});`,
    );
    const text = `import { v } from "convex/values";
import { mutation, query } from "./_generated/server";
import { helper } from "./lib/helper";
${functions.join("\n")}`;
    return [`convex/things${module}.ts`, text] as const;
  });
  const app = await newProject({
    ...glue,
    ...Object.fromEntries(modules),
    "convex/lib/helper.ts":
      "export const helper = async (ctx: unknown, text: string) => [ctx, text];\n",
  });
  const before = await filesOf(app);
  const timed = async () => {
    const start = performance.now();
    return { all: await proposals(app), ms: performance.now() - start };
  };
  const first = await timed();
  // On a machine that has nothing else to do; others that work there take their part of it.
  const limit = 5_000 * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
  const { all, ms } = first.ms < limit ? first : await timed();
  expect(ms).toBeLessThan(limit);
  expect(all).toHaveLength(500);
  expect(new Set(all.map(({ name }) => name)).size).toBe(500);
  expect(all[0]).toMatchObject({ description: "Does number 0.", permission: "things0:read" });
  expect(await filesOf(app)).toEqual(before);
});

const FUNCTIONS = `import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { jobValidator, principalValidator } from "toolgate/functions";
import { internalAction, internalQuery, mutation, query } from "../_generated/server";
import { requireUser } from "../lib/auth";

/**
 * Lists "notes", newest first.
 * Only {@link mine}.
 *
 * @param ctx - none
 */
export const list = query({ args: { paginationOpts: paginationOptsValidator }, handler: () => null });

// Not a word for agents: ctx.auth.
export const plain = query({ args: {}, handler: () => null });

export const mine = query({ args: {}, handler: async (ctx) => requireUser(ctx) });
export const add = mutation({ args: { text: v.string(), idempotencyKey: v.string() }, handler: () => null });
export const owned = internalQuery({ args: { principal: principalValidator() }, handler: () => null });
export const sync = internalAction({ args: { job: jobValidator(), principal: v.string() }, handler: async (ctx) => { await ctx.runQuery("x" as never); } });
export const loose = query(() => null);
export const big = query({ args: { size: v.int64() }, handler: () => null });
export const trusting = query({ args: { principal: principalValidator() }, handler: () => null });
`;

const AUTH = `export const requireUser = async (ctx: { auth: { getUserIdentity: () => unknown } }) => ctx.auth.getUserIdentity();
`;

const app = () =>
  newProject({
    ...glue,
    "convex/notes/queries.ts": FUNCTIONS,
    "convex/lib/auth.ts": AUTH,
    "convex/other-notes.ts": `import { query } from "./_generated/server";
export const list = query({ args: {}, handler: () => null });
export { plain as again } from "./notes/queries";
`,
  });

test("what is proposed, and which functions cannot be tools", async () => {
  const folder = await app();
  const { stdout } = await toolgate(folder, "add", "--json");
  const { proposals: all, unfit } = JSON.parse(stdout);
  const of = (name: string): Proposal => all.find((one: Proposal) => one.name === name);
  expect(of("notes_list")).toEqual({
    ...{ name: "notes_list", function: "notes/queries:list", kind: "query", visibility: "public" },
    ...{ permission: "notes:read", description: 'Lists "notes", newest first. Only mine.' },
    ...{ states: ["paginated"], readsIdentity: false, runsFunctions: false },
    arguments: expect.objectContaining({ type: "object", required: ["paginationOpts"] }),
  });
  expect(of("notes_plain")).toMatchObject({ readsIdentity: false });
  expect(of("notes_plain").description).toBe("TODO: say what notes_plain does and when to use it.");
  expect(of("notes_mine")).toMatchObject({ readsIdentity: true });
  expect(of("notes_add")).toMatchObject({
    ...{ permission: "notes:write", destructive: false, idempotent: false },
    states: ["idempotencyKey"],
  });
  expect(of("notes_owned")).toMatchObject({ visibility: "internal", states: ["principal"] });
  expect(of("notes_sync")).toMatchObject({
    ...{ kind: "action", destructive: true, idempotent: false, states: ["job"] },
    runsFunctions: true,
  });
  expect(of("other_notes_list")).toMatchObject({ function: "other-notes:list" });
  expect(of("other_notes_again")).toBeDefined();
  expect(unfit.map((one: Proposal) => one.function)).toEqual([
    "notes/queries:big",
    "notes/queries:loose",
    "notes/queries:trusting",
  ]);
});

test("what is chosen is bound and valid; a second time there is nothing to bind; what was written stays", async () => {
  const folder = await app();
  const bound = await toolgate(folder, "add", "notes_list", "*:sync", "other-notes", "--yes");
  expect([bound.code, bound.stderr]).toEqual([0, ""]);
  expect(bound.stdout).toContain("Next: npx toolgate check");
  const tools = path.join(folder, "convex/toolgate/tools.ts");
  const text = (await readFile(tools, "utf8"))
    .replace(/TODO: say what (\w+)[^"`]*/g, "Says $1.")
    .replace("  notes_list:", "  // Mine.\n  notes_list:");
  await writeFile(tools, text);
  const before = (await filesOf(folder))["convex/toolgate/catalog.ts"];
  expect(before).toContain('import * as otherNotes from "../other-notes";');
  expect(before).toContain('{ "notes/queries": queries, "other-notes": otherNotes }');

  const more = await toolgate(folder, "add", "notes/queries:add", "--yes");
  expect([more.code, more.stderr]).toEqual([0, ""]);
  const after = await filesOf(folder);
  expect(after["convex/toolgate/catalog.ts"]).toBe(before);
  const lines = (after["convex/toolgate/tools.ts"] ?? "").split("\n");
  for (const line of text.split("\n").filter((one) => /^ {2}/.test(one)))
    expect(lines).toContain(line);

  const again = await toolgate(folder, "add", "notes_list", "--yes");
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('fits "notes_list"')]);
  const { faults, tools: checked } = JSON.parse((await toolgate(folder, "check", "--json")).stdout);
  const names = checked.map((one: { entry: Proposal }) => one.entry.name);
  expect(names).toEqual(
    expect.arrayContaining(["notes_list", "notes_sync", "jobs_get", "jobs_cancel", "notes_add"]),
  );
  expect(checked.every((one: { listed?: object }) => one.listed !== undefined)).toBe(true);
  const ofTools = faults.filter((one: { where: string }) => names.includes(one.where));
  expect(ofTools).toEqual([
    expect.objectContaining({ where: "notes_add", what: expect.stringContaining("to be written") }),
  ]);
});

test("custom functions and their identity, in an app with row-level security", async () => {
  const clinic = await proposals(await foreignProject("clinic"));
  const identity = clinic.filter(({ readsIdentity }) => readsIdentity).map(({ name }) => name);
  expect(identity).toEqual(["patients_admit", "patients_list"]);
  expect(clinic.find(({ name }) => name === "visits_record")).toMatchObject({ states: [] });
});

test("who reads the signed-in user is not bound as it is, but told how to wrap it; what that makes is bound", async () => {
  const folder = await foreignProject("clinic");
  await toolgate(folder, "init", "--yes");
  const before = await filesOf(folder);
  const { code, stdout } = await toolgate(folder, "add", "patients.*", "--yes");
  expect(code).toBe(1);
  expect(await filesOf(folder)).toEqual(before);
  const [, lines = ""] =
    /\/\/ convex\/agents\/patients\.ts\n(.*?\n)\nThen: npx toolgate add 'agents\.\*'/s.exec(
      stdout,
    ) ?? [];
  expect(lines).toContain('issuer: process.env.CONVEX_SITE_URL ?? ""');
  await mkdir(path.join(folder, "convex/agents"));
  await writeFile(path.join(folder, "convex/agents/patients.ts"), lines);
  const bound = await toolgate(folder, "add", "agents.*", "--yes");
  expect([bound.code, bound.stderr]).toEqual([0, ""]);
  const text = (await filesOf(folder))["convex/toolgate/tools.ts"];
  expect(text).toContain(
    'patients_list: () => tool.query(internal.agents.patients.list, { permission: "patients:read", principal: true,',
  );
  const raw = await toolgate(folder, "add", "patients.list", "--as-is", "--yes");
  expect([raw.code, raw.stdout]).toEqual([0, expect.stringContaining("Bound patients_list_2")]);
  const { faults } = JSON.parse((await toolgate(folder, "check", "--json")).stdout);
  expect(faults).toEqual([
    expect.objectContaining({
      where: "patients_admit",
      what: "its description is still to be written",
    }),
  ]);
});

test("it refuses without a pattern for --yes, without glue, and with a tools.ts that cannot be read", async () => {
  const folder = await newProject({ "convex/notes.ts": "export const no = 1;\n" });
  const bare = await toolgate(folder, "add", "--yes");
  expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining("--yes")]);
  const files = {
    "convex/notes.ts":
      'import { query } from "./_generated/server";\nexport const get = query({ args: {}, handler: () => null });\n',
  };
  const unglued = await newProject(files);
  const none = await toolgate(unglued, "add", "notes", "--yes");
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("toolgate init")]);
  const broken = await newProject({
    ...files,
    ...glue,
    "convex/toolgate/tools.ts": "throw new Error('boom');\nexport {};\n",
  });
  const before = await filesOf(broken);
  const refused = await toolgate(broken, "add", "notes", "--yes");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("boom")]);
  expect(await filesOf(broken)).toEqual(before);
});

test("a tools.ts with a form of its own: the lines to paste, and no change", async () => {
  const own = `import { defineToolgate } from "toolgate/tools";
const definition = () => ({ name: "a", version: "1", permissions: [], roles: () => ({}), tools: {} }) as const;
export const app = defineToolgate(definition());
`;
  const folder = await newProject({
    ...glue,
    "convex/notes.ts":
      'import { query } from "./_generated/server";\nexport const get = query({ args: {}, handler: () => null });\n',
    "convex/toolgate/tools.ts": own,
  });
  const { code, stdout, stderr } = await toolgate(folder, "add", "notes", "--yes");
  expect([code, stderr]).toEqual([0, expect.stringContaining("convex/toolgate/tools.ts")]);
  expect(stdout).toContain("notes_get: () => tool.query(api.notes.get, {");
  expect((await filesOf(folder))["convex/toolgate/tools.ts"]).toBe(own);
});

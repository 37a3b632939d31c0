/** `toolgate init` on apps of many forms: what it writes, what it leaves, and what it refuses. */
import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { filesOf, foreignProject, newProject } from "./project";

const GLUE = ["tools", "chain", "catalog", "gate", "jobs", "reading", "worker", "admin"];

const TASKS = `import { v } from "convex/values";
import { query } from "./_generated/server";
export const get = query({ args: { id: v.id("tasks") }, handler: () => null });
`;

test("a starter without schema, http and crons gets all, with no fault, no secret, and the next steps", async () => {
  const app = await newProject({ "convex/tasks.ts": TASKS });
  const { code, stdout } = await toolgate(app, "init", "--yes");
  expect([code, stdout]).toEqual([0, expect.stringContaining("tools/list has 0 tools; 0 faults")]);
  const [, secret = "?"] = /convex env set TOOLGATE_PEPPERS "p1:([0-9a-f]{64})"/.exec(stdout) ?? [];
  expect(stdout).toContain("npx toolgate add");
  const once = await filesOf(app);
  for (const file of GLUE)
    expect(once[`convex/toolgate/${file}.ts`]).toMatch(
      /^\/\*\* .*\(toolgate \d+\.\d+\.\d+\) \*\/\n/,
    );
  expect(once["convex/schema.ts"]).toContain("strictTableNameTypes: false");
  expect(Object.values(once).join("")).not.toContain(secret);

  const again = await toolgate(app, "init", "--yes");
  expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("Nothing was changed")]);
  expect(again.stdout).not.toContain(secret);
  expect(await filesOf(app)).toEqual(once);
});

test("routes, crons, tables and modules of the app's own stay", async () => {
  const app = await foreignProject("clinic");
  const before = await filesOf(app);
  const { code, stdout } = await toolgate(app, "init", "--yes", "--json");
  expect(code).toBe(0);
  const { written, report, next } = JSON.parse(stdout);
  expect([report.faults, report.unread]).toEqual([[], []]);
  expect(written).toContain("convex/crons.ts");
  expect(next[0].command).toBe("npx toolgate add");
  const after = await filesOf(app);
  for (const [file, text] of Object.entries(before)) {
    const kept = (after[file] ?? "").split("\n");
    // Each old line is there still, in its order.
    let at = -1;
    for (const line of text.split("\n")) {
      at = kept.indexOf(line, at + 1);
      expect([file, line, at >= 0]).toEqual([file, line, true]);
    }
  }
  const http = after["convex/http.ts"] ?? "";
  expect(http).toContain("registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);");
  expect(http.indexOf("registerRoutes(http")).toBeLessThan(http.indexOf("// Convex expects"));
});

test("in a pnpm workspace it finds the functions where convex.json has them, and says pnpm", async () => {
  const app = await foreignProject("desk", "packages/backend");
  await writeFile(path.join(app, "../../pnpm-lock.yaml"), "");
  const { code, stdout } = await toolgate(app, "init", "--yes");
  expect([code, stdout]).toEqual([0, expect.stringContaining("pnpm exec toolgate add")]);
  expect(Object.keys(await filesOf(app))).toContain("server/functions/toolgate/gate.ts");
  const { "server/functions/schema.ts": schema } = await filesOf(app);
  expect(schema).toContain("\t...toolgateTables,\n});");
  const wrong = await toolgate(path.join(app, "../.."), "init", "--yes");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("packages/backend")]);
});

test("another folder, OAuth, the app's own style, and names that http.ts has given to something else", async () => {
  const app = await newProject({
    "convex/http.ts": `import { httpRouter } from 'convex/server'
import { httpAction as action } from './_generated/server'

const app = 'mine'
const router = httpRouter()
router.route({ path: '/' + app, method: 'GET', handler: action(async () => new Response(app)) })
export default router
`,
  });
  const { code, stdout } = await toolgate(app, "init", "--dir", "lib/agents", "--oauth", "--yes");
  expect([code, stdout]).toEqual([0, expect.stringContaining("0 faults")]);
  const files = await filesOf(app);
  expect(files["convex/lib/agents/tools.ts"]).toContain("dir: 'lib/agents'");
  expect(files["convex/lib/agents/connect.ts"]).toContain("connectModule(app)");
  expect(files["convex/http.ts"]).toContain(
    `import { app as toolgateApp } from './lib/agents/tools'
`,
  );
  expect(files["convex/http.ts"]).toContain(
    `const oauth = connect(toolgateApp)
registerRoutes(router, action(compose(oauth.front, ...chain)(mcp(toolgateApp))), toolgateApp, oauth)
`,
  );
  expect(files["convex/crons.ts"]).toContain("internal.lib.agents.jobs.sweep");
  expect(Object.values(files).join("")).not.toMatch(/;$/m);
});

test("OAuth afterwards: the lines to change in http.ts, and check asks for them until they are there", async () => {
  const app = await newProject({ "convex/tasks.ts": TASKS });
  await toolgate(app, "init", "--yes");
  const { "convex/http.ts": http = "" } = await filesOf(app);
  const { code, stdout, stderr } = await toolgate(app, "init", "--oauth", "--yes");
  expect([code, stdout]).toEqual([0, expect.stringContaining("toolgate/connect is there")]);
  expect(stderr).toContain("routes /mcp without OAuth");
  const after = await filesOf(app);
  expect(after["convex/http.ts"]).toBe(http);
  expect(Object.keys(after)).toContain("convex/toolgate/connect.ts");
  expect((await toolgate(app, "check")).code).toBe(1);
  const changed = http
    .replace(/^registerRoutes.*$/m, /^ *const oauth.*\n *registerRoutes.*$/m.exec(stderr)![0])
    .replace(/^/, 'import { connect } from "toolgate/connect";\n');
  await writeFile(path.join(app, "convex/http.ts"), changed);
  expect(await toolgate(app, "check")).toMatchObject({ code: 0 });
});

test("an app in JavaScript gets JavaScript", async () => {
  const app = await newProject({
    "convex/tasks.js": `import { query } from "./_generated/server";
export const get = query({ args: {}, handler: () => null });
`,
    "convex/schema.js": `import { defineSchema } from "convex/server";
export default defineSchema({});
`,
  });
  const { code, stdout } = await toolgate(app, "init", "--yes");
  expect([code, stdout]).toEqual([0, expect.stringContaining("0 faults")]);
  const added = await toolgate(app, "add", "tasks:get", "--yes");
  expect([added.code, added.stderr]).toEqual([0, ""]);
  const files = await filesOf(app);
  expect(Object.keys(files).filter((file) => file.endsWith(".ts"))).toEqual([]);
  expect(files["convex/schema.js"]).toContain("defineSchema({ ...toolgateTables })");
  expect((await toolgate(app, "check")).stdout).toContain("tools/list has 1 tool");
});

test("files with a form of their own: the lines to paste, and check asks for them until they are there", async () => {
  const app = await newProject({
    "convex/schema.ts": `import { defineSchema } from "convex/server";
const made = (tables: object) => defineSchema(tables as never);
export default made({});
`,
    "convex/http.ts": `import { httpRouter } from "convex/server";
const build = () => httpRouter();
export default build();
`,
  });
  const { code, stdout, stderr } = await toolgate(app, "init", "--yes");
  expect([code, stderr]).toEqual([0, expect.stringContaining("form of its own")]);
  expect(stderr).toContain("registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);");
  expect(stdout).toContain("fault schema: it lacks the tables");
  expect(stdout).toContain("fault http: it does not route /mcp");
});

const refusals: [what: string, files: Record<string, string>, said: string][] = [
  ["no functions", {}, "convex/ does not exist"],
  [
    "a table that is taken",
    {
      "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
export default defineSchema({ toolgateJobs: defineTable({}) });
`,
    },
    "toolgateJobs",
  ],
  [
    "a route that is taken",
    {
      "convex/http.ts": `import { httpRouter } from "convex/server";
import { httpAction } from "./_generated/server";
const http = httpRouter();
http.route({ path: "/mcp", method: "POST", handler: httpAction(async () => new Response()) });
export default http;
`,
    },
    "POST /mcp",
  ],
  ["a folder that is taken", { "convex/toolgate/mine.ts": TASKS }, "a folder of your own"],
  ["a module of the folder's name", { "convex/toolgate.ts": TASKS }, "name of the glue's folder"],
];

test.each(refusals)("it refuses %s, and leaves all as it was", async (_what, files, said) => {
  const app = await newProject(files);
  const before = await filesOf(app);
  const { code, stdout, stderr } = await toolgate(app, "init", "--yes");
  expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(said)]);
  expect(await filesOf(app)).toEqual(before);
});

test("it refuses without a package, with an old convex, without itself and with a folder that cannot be", async () => {
  const app = await newProject({ "convex/tasks.ts": TASKS });
  const folder = path.join(app, "convex");
  expect((await toolgate(folder, "init", "--yes")).stderr).toContain("package.json");
  const bad = await toolgate(app, "init", "--dir", "../out", "--yes");
  expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("../out")]);

  const old = await newProject({
    "convex/tasks.ts": TASKS,
    "convex/node_modules/convex/package.json": '{ "version": "1.30.9" }',
  });
  expect((await toolgate(old, "init", "--yes")).stderr).toContain("convex 1.30.9 is too old");
});

test("without --yes and a terminal it shows the changes and makes none", async () => {
  const app = await newProject({ "convex/tasks.ts": TASKS });
  const before = await filesOf(app);
  const { code, stdout, stderr } = await toolgate(app, "init");
  expect([code, stderr]).toEqual([1, expect.stringContaining("--yes")]);
  expect(stdout).toContain("+++ convex/toolgate/gate.ts");
  expect(await filesOf(app)).toEqual(before);
});

test("a write that fails undoes those before it", async () => {
  const app = await newProject({ "convex/tasks.ts": TASKS });
  // A link to where nothing can be written, which only the write itself finds out.
  await symlink(path.join(app, "none/crons.ts"), path.join(app, "convex/crons.ts"));
  const before = await filesOf(app);
  const { code, stderr } = await toolgate(app, "init", "--yes");
  expect([code, stderr]).toEqual([1, expect.stringContaining("every file is as it was")]);
  expect(await filesOf(app)).toEqual(before);
});

/** `toolgate check`: every fault of every tool, and of what joins an app with the library. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { evaluate } from "../../../cli/app/evaluate";
import { modulesIn } from "../../../cli/app/modules";
import { projectIn } from "../../../cli/app/project";
import { toolgate } from "./command";
import { glue } from "./probeGlue";
import { newProject } from "./project";

const NOTES = `import { paginationOptsValidator } from "convex/server";
import { v } from "convex/values";
import { principalValidator } from "toolgate/functions";
import { internalMutation, internalQuery, query } from "./_generated/server";

export const get = query({ args: { id: v.id("notes") }, handler: () => null });
export const pages = query({ args: { paginationOpts: paginationOptsValidator }, handler: () => null });
export const mine = internalQuery({ args: { principal: principalValidator() }, handler: () => null });
export const add = internalMutation({ args: { text: v.string() }, returns: v.null(), handler: () => null });
export const size = query({ args: { size: v.int64() }, handler: () => null });
export const loose = query(() => null);
export const spaced = query({ args: { "a b": v.string() }, handler: () => null });
`;

const bound = (name: string, kind: string, fn: string, more: string): string =>
  `  ${name}: () => tool.${kind}(anyApi.${fn} as never, { permission: "notes:read", description: "A note.", ${more} } as never),`;

const TOOLS = `import { anyApi } from "convex/server";
import { defineToolgate, tool, view } from "toolgate/tools";
const page = (permission: string) => () => view(anyApi.notes.get as never, { permission, name: "notes" });
const resources = { "ui://notes/open": page("notes:read"), "ui://notes/closed": page("notes:write") };
const tools = {
${[
  bound("good", "query", "notes.get", 'title: "Note"'),
  bound("gone", "query", "notes.gone", ""),
  bound("nowhere", "query", "nowhere.get", ""),
  bound("unlisted", "query", "others.get", ""),
  bound("no_query", "query", "notes.add", ""),
  bound("no_permission", "query", "notes.get", 'permission: "notes:all"'),
  bound("no_role", "query", "notes.get", 'permission: "notes:write"'),
  bound("silent", "query", "notes.get", 'description: " "'),
  bound("open", "query", "notes.get", 'description: "TODO: say what it does."'),
  bound("no_principal", "query", "notes.mine", ""),
  bound("no_pages", "query", "notes.pages", ""),
  bound("big", "query", "notes.size", ""),
  bound("any", "query", "notes.loose", ""),
  bound("spaced", "query", "notes.spaced", ""),
  bound("broken", "query", "broken.get", ""),
  bound("viewed", "query", "notes.get", 'ui: "ui://notes/open"'),
  bound("blind", "query", "notes.get", 'ui: "ui://notes/closed"'),
  bound("no_view", "query", "notes.get", 'ui: "ui://notes/gone"'),
].join("\n")}
};
export const app = defineToolgate({ name: "probe", version: "1", permissions: ["notes:read", "notes:write"],
  roles: () => ({ reader: ["notes:read"] }), tools, resources, title: " ", description: "${"long ".repeat(21)}", websiteUrl: "http://a.example",
  icons: [{ src: "data:image/png;base64,AA" }] } as never);
`;

const GET = `import { query } from "./_generated/server";
export const get = query({ args: {}, handler: () => null });
`;

test("each fault is named, with what to do, and the rest is told all the same", async () => {
  const app = await newProject({
    ...glue,
    ".env.local": "SET=1\n",
    "convex/notes.ts": NOTES,
    "convex/others.ts": GET,
    "convex/broken.ts": `if (!process.env.SET) throw new Error("SET"); if (!process.env.STRIPE_KEY) throw new Error("STRIPE_KEY is needed");
${GET}`,
    "convex/unbundled.ts": `import "no-such-package";\n${GET}`,
    "convex/toolgate/tools.ts": TOOLS,
    "convex/toolgate/catalog.ts": `import { catalogModule } from "toolgate/catalog";
import * as notes from "../notes";
import { app } from "./tools";
export const { list, explain } = catalogModule(app, { notes });
`,
    "convex/toolgate/reading.ts": 'import { app } from "./tools";\nexport const read = app;\n',
    "convex/toolgate/worker.ts": "export const nothing = 1;\n",
  });
  const { code, stdout, stderr } = await toolgate(app, "check", "--json");
  expect([code, stderr]).toEqual([1, ""]);
  const { faults, notes, tools, unread } = JSON.parse(stdout);
  const of = (where: string) =>
    faults
      .filter((one: { where: string }) => one.where === where)
      .map((one: { what: string }) => one.what);
  expect(of("good")).toEqual([]);
  const fixOf = (where: string) => faults.find((one: { where: string }) => one.where === where).fix;
  expect([fixOf("gone"), fixOf("nowhere")]).toEqual([
    expect.stringContaining("Delete its line in tools.ts"),
    expect.stringContaining("the module in catalog.ts"),
  ]);
  expect(of("gone")).toEqual(["the module notes exports no function gone"]);
  expect(of("nowhere")).toEqual(["there is no module nowhere"]);
  expect(of("unlisted")).toEqual(["its module others is missing from catalog.ts"]);
  expect(of("spaced")).toEqual([expect.stringContaining('"a b": Claude refuses the name')]);
  expect(of("no_query")).toEqual(["notes:add is a mutation"]);
  expect(of("no_permission")).toEqual([expect.stringContaining('"notes:all" is none')]);
  expect(of("no_role")).toEqual([expect.stringContaining('no role in tools.ts has "notes:write"')]);
  expect(of("silent")).toEqual(["its description is empty"]);
  expect(of("open")).toEqual(["its description is still to be written"]);
  expect(of("no_principal")).toEqual([expect.stringContaining("principal: true")]);
  expect(of("no_pages")).toEqual([expect.stringContaining("paginated")]);
  expect(of("big")).toEqual([expect.stringContaining("v.int64()")]);
  expect(of("any")).toEqual([expect.stringContaining("args")]);
  expect(of("broken")).toEqual([expect.stringContaining("STRIPE_KEY is needed")]);
  expect(of("viewed")).toEqual([]);
  expect(of("blind")).toEqual([
    'the role "reader" may call it and may not read its ui "ui://notes/closed"',
  ]);
  expect(of("no_view")).toEqual(['its ui "ui://notes/gone" is none of the resources']);
  expect(of("toolgate/worker")).toEqual([expect.stringContaining("does not export run")]);
  expect(of("toolgate/tools")).toEqual([
    "its title is empty",
    "its description has 105 characters; directories take 100",
    'its websiteUrl is no https URL and no path: "http://a.example"',
    'an icon has an https URL or a path, which "data:image/png;base64,AA" is not',
  ]);
  expect(notes).toContainEqual(
    expect.stringContaining("instructions in toolgate/tools are missing"),
  );
  expect(of("schema")).toEqual([expect.stringContaining("toolgateKeys")]);
  expect(of("http")).toEqual(["it does not route /mcp"]);
  expect(of("crons")).toHaveLength(1);
  expect(faults.find((one: { where: string }) => one.where === "unlisted").fix).toBe(
    'import * as others from "../others";\nothers,',
  );
  expect(unread).toEqual([
    { module: "unbundled", why: expect.stringContaining("no-such-package"), unset: [] },
    { module: "broken", why: "STRIPE_KEY is needed", unset: ["STRIPE_KEY"] },
  ]);
  const good = tools.find((one: { entry: { name: string } }) => one.entry.name === "good");
  expect(good.listed).toMatchObject({ title: "Note", annotations: { readOnlyHint: true } });

  const told = await toolgate(app, "check");
  expect(told.code).toBe(1);
  expect(told.stdout).toContain(
    "good  Note  read-only; notes:get, for notes:read\n  A note.\n    id  string",
  );
  expect(told.stdout).toContain("broken cannot be evaluated here");
  expect(told.stdout).toContain("It reads STRIPE_KEY, which is not set here");
});

test("an app without the glue is told how to get it", async () => {
  const app = await newProject({ "convex/notes.ts": GET });
  const { code, stdout } = await toolgate(app, "check");
  expect([code, stdout]).toEqual([1, expect.stringContaining("npx toolgate init")]);
});

test("a number that defineToolgate refuses is told, with its setting", async () => {
  const stated = glue["convex/toolgate/tools.ts"]!.replace(
    "defineToolgate({",
    "defineToolgate({ audit: { keepDays: 0 },",
  );
  const app = await newProject({ ...glue, "convex/toolgate/tools.ts": stated });
  const { code, stdout } = await toolgate(app, "check", "--json");
  const { faults } = JSON.parse(stdout);
  expect([code, faults]).toEqual([
    1,
    [
      {
        where: "toolgate/tools",
        what: "it cannot be evaluated here: defineToolgate: audit.keepDays must be a whole number from 1",
      },
    ],
  ]);
});

test("a heavy http.ts is told, with the packages that make it so", async () => {
  const app = await newProject({
    ...glue,
    "node_modules/heavy/index.js": `let sum = 0; for (let i = 0; i < 3e7; i++) sum += i % 7; export default sum; // ${"x".repeat(5000)}`,
    "node_modules/heavy/package.json": '{ "name": "heavy", "main": "index.js", "type": "module" }',
    "convex/http.ts": `import { httpRouter } from "convex/server";
import heavy from "heavy";
const http = httpRouter();
http.route({ path: "/" + heavy, method: "GET", handler: (() => null) as never });
export default http;
`,
  });
  const { notes, http } = JSON.parse((await toolgate(app, "check", "--json")).stdout);
  expect(notes).toEqual([
    expect.stringMatching(/^the instructions in toolgate\/tools are still to be written/),
    expect.stringMatching(/^http is heavy: it takes \d+ times .*heavy/),
  ]);
  expect(http.parts.map((part: { name: string }) => part.name)).toContain("heavy");
});

test("modules that hang, end the process or print are named, and the rest goes on; Node's are evaluated as Node's", async () => {
  const app = await newProject({
    "convex/a.ts": `console.log("noise");\n${GET}`,
    "convex/hangs.ts": `while (true);\n${GET}`,
    "convex/leaves.ts": `process.exit(3);\n${GET}`,
    "convex/node.ts": `"use node";\nimport { readFileSync } from "node:fs";\n${GET}export const has = typeof readFileSync;\n`,
    "convex/z.ts": GET,
    "convex/z.test.ts": "export const no = 1;\n",
    "convex/component/convex.config.ts": "export default 1;\n",
    "convex/component/public.ts": GET,
  });
  const project = projectIn(app);
  expect(modulesIn(project.convex).map(({ name, runtime }) => [name, runtime])).toEqual([
    ["a", "convex"],
    ["hangs", "convex"],
    ["leaves", "convex"],
    ["node", "node"],
    ["z", "convex"],
  ]);
  const folder = await mkdtemp(path.join(tmpdir(), "toolgate-test-"));
  try {
    const file = async (name: string, text: string) => {
      await writeFile(path.join(folder, `${name}.mjs`), text);
      return [name, path.join(folder, `${name}.mjs`)] as const;
    };
    const modules = [
      await file("a", 'console.log("noise"); export const one = 1;'),
      await file("hangs", "while (true);"),
      await file("leaves", "process.exit(3);"),
      await file("waits", "await new Promise((resolve) => setTimeout(resolve, 1e6));"),
      await file("throws", "throw undefined;"),
      await file("z", "export const two = 2;"),
    ];
    const { modules: found, unread } = await evaluate(
      project.esbuild,
      folder,
      { modules },
      {},
      2_000,
    );
    expect([...found.keys()]).toEqual(["a", "z"]);
    expect(unread.map(({ module, why }) => [module, why])).toEqual([
      ["hangs", "it does not end within 2 s"],
      ["leaves", "it ends the process"],
      ["waits", "it does not end within 2 s"],
      ["throws", "it throws undefined"],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** `toolgate check` on what the text of tools.ts says and its evaluation does not: a name twice, and `api` in the place of `internal`. */
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { glue } from "./probeGlue";
import { newProject } from "./project";

const NOTES = `import { internalMutation, query } from "./_generated/server";
export const list = query({ args: {}, handler: () => null });
export const add = internalMutation({ args: {}, handler: () => null });
`;

const GENERATED = `import { anyApi } from "convex/server";
export const api = anyApi, internal = anyApi;
`;

const CATALOG = `import { catalogModule } from "toolgate/catalog";
import * as notes from "../notes";
import * as orders from "../erp/orders";
import { app } from "./tools";
export const { list, explain } = catalogModule(app, { notes, "erp/orders": orders });
`;

const files = {
  ...Object.fromEntries(Object.entries(glue).filter(([name]) => !name.endsWith("/tools.ts"))),
  "convex/notes.ts": NOTES,
  "convex/erp/orders.ts": NOTES.replace("./_gen", "../_gen"),
  "convex/_generated/api.js": GENERATED,
  "convex/toolgate/catalog.ts": CATALOG,
};

const line = (name: string, ref: string, kind = "query"): string =>
  `  ${name}: () => tool.${kind}(${ref}, { permission: "notes:read", destructive: false, idempotent: false, description: "Notes." }),`;

const tools = (imports: string, lines: readonly string[], more = ""): string =>
  `import { defineToolgate, tool, resource } from "toolgate/tools";
${imports}
const tools = {
${lines.join("\n")}
};
export const app = defineToolgate({ name: "probe", version: "1", permissions: ["notes:read"], roles: () => ({ admin: ["notes:read"] }), tools, ${more} });
`;

const faultsOf = async (more: Readonly<Record<string, string>>) => {
  const app = await newProject({ ...files, ...more });
  const { faults } = JSON.parse((await toolgate(app, "check", "--json")).stdout);
  return faults.filter(({ where }: { where: string }) => !/^(?:http|schema|crons)$/.test(where));
};

test("a name that is written twice, here or in an object that is spread, is told with each line", async () => {
  const imports = `import { api } from "../_generated/api";
import { shared } from "./shared";
import others from "../others.js";`;
  const lines = [
    line("notes_list", "api.notes.list"),
    "  ...shared,",
    line("notes_list", "api.erp.orders.list"),
    line('"orders_list"', "api.erp.orders.list"),
    "  ...others,",
  ];
  const page = '"notes://all": () => resource(api.notes.list, { permission: "notes:read" })';
  const shared = (name: string, ref: string) =>
    `import { tool } from "toolgate/tools";\nimport { api } from "../_generated/api";\nexport const ${name} = {\n${line("orders_list", ref)}\n};\n`;
  const faults = await faultsOf({
    "convex/toolgate/tools.js": tools(imports, lines, `resources: { ${page},\n${page} }`),
    "convex/toolgate/shared.js": shared("shared", "api.notes.list"),
    "convex/others.js": `import { tool } from "toolgate/tools";\nimport { api } from "./_generated/api";\nconst own = {\n${line("others_list", "api.notes.list")}\n};\nexport default own;\n`,
  });
  const at = (...places: string[]) =>
    places.map((place) => `convex/toolgate/${place}`).join(" and ");
  const fix = "Give each a name of its own, or delete the lines before.";
  const twice = (where: string, kind: string, places: string) => ({
    ...{ where, what: `${places} each write a ${kind} of this name: only the last is there`, fix },
  });
  expect(faults).toEqual([
    twice("notes_list", "tool", at("tools.js:6", "tools.js:8")),
    twice("orders_list", "tool", at("shared.js:4", "tools.js:9")),
    twice("notes://all", "resource", at("tools.js:12", "tools.js:13")),
  ]);
});

test("a line that names a public function as internal, or an internal one as public, is told, with what to write", async () => {
  const imports = 'import { api, internal as mine } from "../_generated/api.js";';
  const faults = await faultsOf({
    "convex/toolgate/tools.ts": tools(imports, [
      line("right", "api.notes.list"),
      line("right_too", "mine.erp.orders.add as never", "mutation"),
      line("said_internal", 'mine.erp["orders"].list'),
      line("said_public", "(api.notes.add as never)", "mutation"),
    ]),
  });
  expect(faults).toEqual([
    {
      where: "convex/toolgate/tools.ts:6",
      what: "it names mine.erp.orders.list, and erp/orders:list is public",
      fix: "Write api.erp.orders.list, or make the function an internalQuery.",
    },
    {
      where: "convex/toolgate/tools.ts:7",
      what: "it names api.notes.add, and notes:add is internal",
      fix: "Write internal.notes.add.",
    },
  ]);
});

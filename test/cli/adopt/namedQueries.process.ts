/** `toolgate check` on the queries that a line names beside its function. */
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { glue } from "./probeGlue";
import { newProject } from "./project";

const NOTES = `import { internalMutation, internalQuery } from "./_generated/server";
export const may = internalQuery({ args: {}, handler: () => null });
export const add = internalMutation({ args: {}, handler: () => null });
`;

const line = (name: string, more: string): string =>
  `  ${name}: () => tool.mutation(anyApi.notes.add as never, { permission: "notes:write", destructive: false, idempotent: false, description: "A note.", ${more} } as never),`;

const TOOLS = `import { anyApi } from "convex/server";
import { defineToolgate, tool } from "toolgate/tools";
const tools = {
${[
  line("plain", ""),
  line("always", "approval: true"),
  line("held", "approval: anyApi.notes.may, precheck: anyApi.notes.may"),
  line("unheld", "approval: anyApi.notes.gone, precheck: anyApi.notes.add"),
].join("\n")}
};
export const app = defineToolgate({ name: "probe", version: "1", permissions: ["notes:write"], roles: () => ({ admin: ["notes:write"] }), tools } as never);
`;

test("one that there is not, and one that is no query, are faults of the tool", async () => {
  const app = await newProject({
    ...glue,
    "convex/notes.ts": NOTES,
    "convex/toolgate/tools.ts": TOOLS,
    "convex/toolgate/catalog.ts": `import { catalogModule } from "toolgate/catalog";
import * as notes from "../notes";
import { app } from "./tools";
export const { list, explain } = catalogModule(app, { notes });
`,
  });
  const { faults } = JSON.parse((await toolgate(app, "check", "--json")).stdout);
  const names = ["plain", "always", "held", "unheld"];
  const ofTools = faults.filter(({ where }: { where: string }) => names.includes(where));
  expect(ofTools).toEqual([
    {
      where: "unheld",
      what: "its approval is no query, notes:gone: the module notes exports no function gone",
    },
    { where: "unheld", what: "its precheck is no query, notes:add: this is a mutation" },
  ]);
});

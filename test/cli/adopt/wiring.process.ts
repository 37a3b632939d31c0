/** `toolgate check` on mistakes that no compiler sees in an app of JavaScript: forms, fields, roles, and what resources and prompts name. */
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { glue } from "./probeGlue";
import { newProject } from "./project";

const NOTES = `import { v } from "convex/values";
import { principalValidator } from "toolgate/functions";
import { internalMutation, internalQuery } from "./_generated/server";
const one = (args) => internalQuery({ args, handler: () => null });
export const list = one({});
export const get = one({ id: v.string() });
export const some = one({ id: v.optional(v.string()), more: v.optional(v.string()) });
export const mine = one({ principal: principalValidator() });
export const add = internalMutation({ args: {}, handler: () => null });
`;

interface Parts {
  readonly tools?: string;
  readonly resources?: string;
  readonly prompts?: string;
  readonly roles?: string;
  readonly more?: string;
}

const ROLES = '() => ({ admin: ["notes:read"] })';

const text = ({ tools = "", resources = "", prompts = "", roles = ROLES, more = "" }: Parts) =>
  `import { completer, defineToolgate, prompt, resource, tool } from "toolgate/tools";
import { internal } from "../_generated/api";
const permission = "notes:read";
const all = { permission, description: "Notes." };
const page = { permission, name: "notes", mimeType: "text/plain" };
export const app = defineToolgate({ name: "probe", version: "1", permissions: ["notes:read"], roles: ${roles},
  tools: { ${tools} },
  resources: { ${resources} },
  prompts: { ${prompts} },
  ${more}
});
`;

interface Fault {
  readonly where: string;
  readonly what: string;
  readonly fix?: string;
}

const rest = Object.entries(glue).filter(([name]) => !/\/(?:tools|catalog)\.ts$/.test(name));

/** The faults of the definition, each as `where: what`. */
const faultsOf = async (parts: Parts): Promise<string[]> => {
  const app = await newProject({
    ...Object.fromEntries(rest),
    "convex/notes.js": NOTES,
    "convex/toolgate/tools.js": text(parts),
    "convex/toolgate/catalog.js": `import { catalogModule } from "toolgate/catalog";
import * as notes from "../notes";
import { app } from "./tools";
export const { list, explain } = catalogModule(app, { notes });
`,
  });
  const { faults } = JSON.parse((await toolgate(app, "check", "--json")).stdout);
  const other = /^(?:http|schema|crons|toolgate\/catalog)$/;
  return (faults as Fault[])
    .filter(({ where }) => !other.test(where))
    .map(({ where, what }) => `${where}: ${what}`);
};

test("what is right has no fault", async () => {
  const faults = await faultsOf({
    tools: `notes_list: () => tool.query(internal.notes.list, all), notes_mine: () => tool.query(internal.notes.mine, { ...all, principal: true }),
      notes_add: () => tool.mutation(internal.notes.add, { ...all, destructive: false, idempotent: false })`,
    resources: `"notes://all": () => resource(internal.notes.list, page), "notes://my": () => resource(internal.notes.mine, { ...page, principal: true }),
      "notes://{id}": () => resource(internal.notes.get, { ...page, complete: { id: completer(internal.notes.list, false) } })`,
    prompts: `sum: () => prompt(internal.notes.get, { ...all, arguments: { id: { description: "Id.", required: true } } }),
      some: () => prompt(internal.notes.some, { ...all, arguments: { id: { description: "Id." } } })`,
    more: "subjects: { exists: () => internal.notes.get, mayAct: () => internal.notes.get }, approvals: { notify: () => internal.notes.add }",
  });
  expect(faults).toEqual([]);
});

test.each([
  ["{ admin: ['notes:read'] }", "roles must be a function: roles: () => ({ … })"],
  ["undefined", "roles must be a function: roles: () => ({ … })"],
])("roles that are no function are told, and the push fails: %s", async (roles, what) => {
  expect(await faultsOf({ roles })).toEqual([
    `toolgate/tools: it cannot be evaluated here: defineToolgate: ${what}`,
  ]);
});

test("a role that is no list, or has a permission that there is not", async () => {
  const roles = '() => ({ admin: "notes:read", reader: ["notes:read", "notes:raed"] })';
  expect(await faultsOf({ roles })).toEqual([
    'toolgate/tools: its role "admin" is no list of permissions',
    'toolgate/tools: its role "reader" has "notes:raed", which is none of the permissions',
  ]);
});

test("lines of another form, each by its name, and the others are told all the same", async () => {
  const faults = await faultsOf({
    tools: `made: tool.query(internal.notes.list, all), empty: () => { tool.query(internal.notes.list, all); },
      module: () => tool.query(internal.notes, all), code: () => tool.query(() => null, all), thrown: () => tool.qeury(internal.notes.list, all),
      gone: () => tool.query(internal.notes.gone, all)`,
    prompts: "said: prompt(internal.notes.list, all)",
  });
  expect(faults).toEqual([
    "made: its line is no function",
    "empty: its line binds no function",
    expect.stringMatching(/^module: its line cannot be evaluated: API path .*api\.notes/),
    "code: its line binds no function",
    expect.stringMatching(/^thrown: its line cannot be evaluated: .*qeury is not a function$/),
    "said: its line is no function",
    "gone: the module notes exports no function gone",
  ]);
});

test("a field that there is not, and one that is missing", async () => {
  const faults = await faultsOf({
    tools: `held: () => tool.query(internal.notes.list, { ...all, aproval: true }), notes_add: () => tool.mutation(internal.notes.add, { ...all, idempotent: false })`,
    resources:
      '"notes://all": () => resource(internal.notes.list, { ...page, mimetype: "text/plain" })',
    prompts: "said: () => prompt(internal.notes.list, { ...all, args: {} })",
    more: "subject: { exists: () => internal.notes.get }",
  });
  const ignored = (where: string, field: string) =>
    `${where}: there is no field "${field}", and it is ignored`;
  expect(faults).toEqual([
    ignored("toolgate/tools", "subject"),
    ignored("held", "aproval"),
    "notes_add: its line does not say destructive",
    ignored("notes://all", "mimetype"),
    ignored("said", "args"),
  ]);
});

test("a field whose value is of another kind", async () => {
  const faults = await faultsOf({
    tools: `held: () => tool.query(internal.notes.list, { ...all, approval: false, openWorld: "yes" }),
      notes_add: () => tool.mutation(internal.notes.add, { ...all, destructive: 0, idempotent: false, approval: true }),
      asked: () => tool.query(internal.notes.list, { ...all, approval: internal.notes.list, maxInline: undefined })`,
    resources: '"notes://all": () => resource(internal.notes.list, { ...page, complete: null })',
    prompts: "said: () => prompt(internal.notes.list, { ...all, title: 1 })",
  });
  const wrong = (where: string, field: string, kind: string) =>
    `${where}: its ${field}, where ${kind} is expected`;
  expect(faults).toEqual([
    wrong("held", "approval is false", "true or a function"),
    wrong("held", 'openWorld is "yes"', "boolean"),
    wrong("notes_add", "destructive is 0", "boolean"),
    wrong("notes://all", "complete is null", "object"),
    wrong("said", "title is 1", "string"),
  ]);
});

test("what resources, prompts and the app name: a function, its arguments and a permission", async () => {
  const faults = await faultsOf({
    resources: `"notes://gone": () => resource(internal.notes.gone, page), "notes://add": () => resource(internal.notes.add, page),
      "notes://one/{key}": () => resource(internal.notes.get, page), "notes://mine": () => resource(internal.notes.mine, page),
      "notes://closed": () => resource(internal.notes.list, { ...page, permission: "notes:all" }),
      "notes://{id}": () => resource(internal.notes.get, { ...page, complete: { id: completer(internal.notes.gone, false), key: completer(internal.notes.list, false) } })`,
    prompts: `maybe: () => prompt(internal.notes.get, { ...all, arguments: { id: { description: "Id." } } }),
      other: () => prompt(internal.notes.list, { ...all, arguments: { id: { description: "Id." } } }),
      silent: () => prompt(internal.notes.list, { permission, description: "" })`,
    more: "tenants: { exists: () => internal.notes.gone }, approvals: { notify: () => internal.notes.get }",
  });
  const gone = "the module notes exports no function gone";
  expect(faults).toEqual([
    'notes://closed: "notes:all" is none of the permissions in tools.ts',
    "silent: its description is empty",
    `notes://gone: ${gone}`,
    "notes://add: notes:add is a mutation, and it must be a query",
    'notes://one/{key}: notes:get takes no argument "key"',
    'notes://one/{key}: notes:get needs "id", and a client need not send it',
    'notes://mine: notes:mine needs "principal", which its line does not state',
    'notes://{id}: it completes "key", which its URI does not have',
    `notes://{id}: its completer of "id" is no query, notes:gone: ${gone}`,
    'maybe: notes:get needs "id", and a client need not send it',
    'other: notes:list takes no argument "id"',
    `toolgate/tools: its tenants.exists is no query, notes:gone: ${gone}`,
    "toolgate/tools: its approvals.notify is no mutation or action, notes:get: this is a query",
  ]);
});

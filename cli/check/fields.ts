/** What can be wrong with the names of fields: where no compiler looks, a misspelled one is ignored, be it `approval`. */
import type { Prompt } from "../../src/registry/prompts";
import type { Resource } from "../../src/registry/resources";
import type { Toolgate } from "../../src/registry/toolgate";
import type { Tool } from "../../src/registry/tools";
import type { Definition } from "../app/definition";
import type { Entry } from "../app/entries";
import type { Fault } from "./report";

/** What a field must be: a type, or true or a function, which stands here by its name. */
type Kind = "boolean" | "string" | "number" | "object" | "true or a function";

type Kinds<T> = Readonly<Record<Exclude<keyof T, "ref">, Kind>>;

type Names<T> = Readonly<Record<keyof T, true>>;

const OF_ALL = {
  permission: "string",
  title: "string",
  description: "string",
  principal: "boolean",
  input: "boolean",
} as const;

const OF_TOOL: Kinds<Tool> = {
  ...{
    ...OF_ALL,
    kind: "string",
    ui: "string",
    precheck: "string",
    approval: "true or a function",
  },
  ...{ icons: "object", meta: "object", arguments: "object", headers: "object" },
  ...{ openWorld: "boolean", exactArguments: "boolean", paginated: "boolean", job: "boolean" },
  ...{ destructive: "boolean", idempotent: "boolean", taskOnly: "boolean" },
  ...{ idempotencyKey: "boolean", maxInline: "number", maxResultChars: "number" },
};

const OF_RESOURCE: Kinds<Resource> = {
  ...{ ...OF_ALL, name: "string", mimeType: "string", ui: "object", complete: "object" },
};

const OF_PROMPT: Kinds<Prompt> = { ...OF_ALL, arguments: "object" };

const OF_APP: Names<Toolgate> = {
  ...{ name: true, version: true, title: true, description: true, websiteUrl: true, icons: true },
  ...{ instructions: true, permissions: true, roles: true, tools: true, resources: true },
  ...{ prompts: true, tenants: true, subjects: true, dir: true, streamSeconds: true },
  ...{ errors: true, approvals: true, audit: true },
};

const unknown = (where: string, fields: readonly string[], known: object): Fault[] =>
  fields
    .filter((field) => !Object.hasOwn(known, field))
    .map((field) => ({
      where,
      what: `there is no field "${field}", and it is ignored`,
      fix: `Delete it, or write the one that is meant: ${Object.keys(known).sort().join(", ")}.`,
    }));

const isOf = (kind: Kind, value: unknown): boolean =>
  kind === "true or a function"
    ? value === true || (typeof value === "string" && value.includes(":"))
    : typeof value === kind && value !== null;

const wrong = (where: string, fields: Readonly<Record<string, unknown>>, kinds: object): Fault[] =>
  Object.entries(kinds as Readonly<Record<string, Kind>>).flatMap(([field, kind]) => {
    const value = fields[field];
    if (value === undefined || isOf(kind, value)) return [];
    const what = `its ${field} is ${JSON.stringify(value)}, where ${kind} is expected`;
    return [{ where, what, fix: `Write a value of that kind, or leave ${field} out.` }];
  });

const faultsIn = (entries: readonly Entry[], kinds: object): Fault[] =>
  entries.flatMap(({ name, function: _, ...fields }) => [
    ...unknown(name, Object.keys(fields), { name: "", ...kinds }),
    ...wrong(name, fields, kinds),
  ]);

/** What a tool that writes must say of itself. */
const unsaid = ({ name: where, kind, ...fields }: Entry): Fault[] =>
  kind === "query"
    ? []
    : ["destructive", "idempotent"]
        .filter((field) => fields[field] === undefined)
        .map((field) => ({
          where,
          what: `its line does not say ${field}`,
          fix: `Write ${field}: true or ${field}: false.`,
        }));

/** Finds fields that there are not, and those that are missing. */
export const faultsOfFields = (definition: Definition): Fault[] => {
  const { dir, fields, tools, resources, prompts } = definition;
  return [
    ...unknown(`${dir}/tools`, fields, OF_APP),
    ...faultsIn(tools, OF_TOOL),
    ...tools.flatMap(unsaid),
    ...faultsIn(resources, OF_RESOURCE),
    ...faultsIn(prompts, OF_PROMPT),
  ];
};

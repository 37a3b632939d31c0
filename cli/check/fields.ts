/** What can be wrong with the names of fields: where no compiler looks, a misspelled one is ignored, be it `approval`. */
import type { Prompt } from "../../src/registry/prompts";
import type { Resource } from "../../src/registry/resources";
import type { Toolgate } from "../../src/registry/toolgate";
import type { Tool } from "../../src/registry/tools";
import type { Definition } from "../app/definition";
import type { Entry } from "../app/entries";
import type { Fault } from "./report";

type Names<T> = Readonly<Record<Exclude<keyof T, "ref">, true>>;

const OF_TOOL: Names<Tool> = {
  ...{ kind: true, permission: true, description: true, title: true, openWorld: true, icons: true },
  ...{ meta: true, maxResultChars: true, arguments: true, exactArguments: true, paginated: true },
  ...{ ui: true, approval: true, headers: true, destructive: true, idempotent: true, job: true },
  ...{ principal: true, input: true, maxInline: true, precheck: true, taskOnly: true },
  idempotencyKey: true,
};

const OF_RESOURCE: Names<Resource> = {
  ...{ permission: true, name: true, title: true, description: true, mimeType: true, ui: true },
  ...{ principal: true, input: true, complete: true },
};

const OF_PROMPT: Names<Prompt> = {
  ...{ permission: true, title: true, description: true, arguments: true, principal: true },
  input: true,
};

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

const unknownIn = (entries: readonly Entry[], known: object): Fault[] =>
  entries.flatMap(({ name, function: _, ...fields }) =>
    unknown(name, Object.keys(fields), { name: true, ...known }),
  );

/** What a tool that writes must say of itself. */
const unsaid = ({ name: where, kind, ...fields }: Entry): Fault[] =>
  kind === "query"
    ? []
    : ["destructive", "idempotent"]
        .filter((field) => typeof fields[field] !== "boolean")
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
    ...unknownIn(tools, OF_TOOL),
    ...tools.flatMap(unsaid),
    ...unknownIn(resources, OF_RESOURCE),
    ...unknownIn(prompts, OF_PROMPT),
  ];
};

/** What can be wrong with the line of a tool. */
import type { App } from "../app/app";
import type { Definition } from "../app/definition";
import type { Entry } from "../app/entries";
import { catalogLines } from "../edit/catalogLines";
import { faultsOfNamed, functionBehind, missing } from "./functions";
import { PLACEHOLDER, type CheckedTool, type Fault, type ListedTool } from "./report";

/** The library's own functions, which need no entry in the catalog. */
const isOwn = (definition: Definition, { function: name }: Entry): boolean =>
  name.startsWith(`${definition.dir}/`);

const SENTENCE = /^toolgate: tools\/list leaves out "(.+?)": (?:Tool .+?: )?([\s\S]*)$/;

/** Tool → why the catalog leaves it out. */
const leftOut = (said: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    said.flatMap((line) => {
      const [, name, why] = SENTENCE.exec(line) ?? [];
      return name === undefined || why === undefined ? [] : [[name, why]];
    }),
  );

const faultOfCatalog = ({ dir }: Definition, entry: Entry, why: string): Fault => {
  const module = /^add the module "(.+)" to catalog/.exec(why)?.[1];
  if (module === undefined) return { where: entry.name, what: why };
  return {
    where: entry.name,
    what: `its module ${module} is missing from catalog.ts`,
    fix: catalogLines(module, dir).join("\n"),
  };
};

const faultsOfFunction = (app: App, definition: Definition, entry: Entry): Fault[] => {
  if (isOwn(definition, entry)) return [];
  const fn = functionBehind(app, entry.function);
  const where = entry.name;
  if (fn === undefined) return [{ where, ...missing(app, entry.function) }];
  if (fn.kind === entry.kind) return [];
  const fix = `write tool.${fn.kind}(…)`;
  return [{ where, what: `${entry.function} is a ${fn.kind}`, fix }];
};

/** Finds queries that a line names beside its function, and that are none. */
const faultsOfQueries = (app: App, entry: Entry): Fault[] =>
  ["approval", "precheck"].flatMap((field) => {
    const named = entry[field];
    return typeof named === "string" ? faultsOfNamed(app, entry.name, field, named) : [];
  });

const faultsOfPermission = ({ permissions, roles }: Definition, entry: Entry): Fault[] => {
  const permission = String(entry.permission);
  const where = entry.name;
  if (!permissions.includes(permission))
    return [{ where, what: `"${permission}" is none of the permissions in tools.ts` }];
  return Object.values(roles).some((role) => role.includes(permission))
    ? []
    : [{ where, what: `no role in tools.ts has "${permission}", so nobody can use it` }];
};

/** Finds roles that would be listed a tool without its view. */
const faultsOfView = ({ resources, roles }: Definition, entry: Entry): Fault[] => {
  const uri = typeof entry.ui === "string" ? entry.ui : "";
  const shown = resources.find(({ name }) => name === uri);
  if (shown === undefined) return [];
  const permission = String(shown.permission);
  const blind = Object.entries(roles).filter(
    ([, role]) => role.includes(String(entry.permission)) && !role.includes(permission),
  );
  return blind.map(([role]) => ({
    where: entry.name,
    what: `the role "${role}" may call it and may not read its ui "${uri}"`,
    fix: `Give the role "${permission}" in tools.ts, or the view a permission that it has.`,
  }));
};

const faultsOfDescription = ({ name: where, description }: Entry): Fault[] => {
  const text = typeof description === "string" ? description : "";
  const fix = "Say what it does and when to use it, in a sentence or two.";
  if (text.trim() === "") return [{ where, what: "its description is empty", fix }];
  return text.startsWith(PLACEHOLDER)
    ? [{ where, what: "its description is still to be written", fix }]
    : [];
};

/** Checks the tools of an app. */
export const checkTools = (
  app: App,
  definition: Definition,
  listed: { readonly tools: readonly string[]; readonly said: readonly string[] },
): { tools: CheckedTool[]; faults: Fault[] } => {
  const described = listed.tools.map((text) => JSON.parse(text) as ListedTool);
  const reasons = leftOut(listed.said);
  const faultsOf = (entry: Entry): Fault[] => {
    const ofFunction = faultsOfFunction(app, definition, entry);
    const why = reasons.get(entry.name);
    const ofCatalog =
      why === undefined || ofFunction.length > 0 ? [] : [faultOfCatalog(definition, entry, why)];
    return [
      ...ofFunction,
      ...ofCatalog,
      ...faultsOfQueries(app, entry),
      ...faultsOfPermission(definition, entry),
      ...faultsOfView(definition, entry),
      ...faultsOfDescription(entry),
    ];
  };
  return {
    tools: definition.tools.map((entry) => ({
      entry,
      listed: described.find(({ name }) => name === entry.name),
    })),
    faults: [
      ...definition.tools.flatMap(faultsOf),
      ...definition.resources.flatMap((one) => faultsOfPermission(definition, one)),
      ...definition.prompts.flatMap((one) => [
        ...faultsOfPermission(definition, one),
        ...faultsOfDescription(one),
      ]),
    ],
  };
};

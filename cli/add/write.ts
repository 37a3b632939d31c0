/** Writes chosen tools into tools.ts and catalog.ts, where these have the usual form. */
import { parse, type Parsed, type Syntax } from "../app/syntax";
import type { Definition } from "../app/definition";
import { catalogEntry, catalogImport, moduleIdentifier, upFrom } from "../edit/catalogLines";
import { definedPart } from "../edit/definition";
import { addLines, addNames, type Need } from "../edit/imports";
import { append, insertAll, listOf } from "../edit/insert";
import { inStyle, styleOf } from "../edit/style";
import { argumentsOf, constants, isCallOf, keysOf, namesTaken } from "../edit/tree";
import { importLines } from "../glue/lines";
import { JOB_PERMISSIONS, jobLine, toolLine } from "./lines";
import { JOB_TOOLS, type Proposal } from "./propose";

/** What is bound, and where. */
export interface Binding {
  readonly chosen: readonly Proposal[];
  readonly dir: string;
  readonly definition: Definition | undefined;
}

/** A text as it becomes; or, if it has no usual form, the lines for a person to add. */
export type Written = { readonly text: string } | { readonly paste: readonly string[] };

const needsJobs = ({ chosen, definition }: Binding): boolean =>
  chosen.some(({ kind }) => kind === "action") &&
  !JOB_TOOLS.some((name) => definition?.tools.some((entry) => entry.name === name));

const toolLines = (binding: Binding): string[] => [
  ...binding.chosen.map(toolLine),
  ...(needsJobs(binding) ? [jobLine(binding.dir)] : []),
];

/** The permissions that the chosen tools need and tools.ts does not have yet. */
export const newPermissions = (binding: Binding): string[] => {
  const known = binding.definition?.permissions ?? [];
  const needed = [
    ...binding.chosen.map(({ permission }) => permission),
    ...(needsJobs(binding) ? JOB_PERMISSIONS : []),
  ];
  return [...new Set(needed)].filter((name) => !known.includes(name)).sort();
};

const needsOf = (binding: Binding): Need[] => {
  const api = `${upFrom(binding.dir)}_generated/api`;
  const { chosen } = binding;
  const isOf = (visibility: string) => chosen.some((one) => one.visibility === visibility);
  return [
    ...(chosen.length > 0 ? [{ name: "tool", from: "toolgate/tools" }] : []),
    ...(needsJobs(binding) ? [{ name: "jobTool", from: "toolgate/tools" }] : []),
    ...(isOf("public") ? [{ name: "api", from: api }] : []),
    ...(isOf("internal") || needsJobs(binding) ? [{ name: "internal", from: api }] : []),
  ];
};

const isOfType = (node: Syntax | undefined, type: string): node is Syntax => node?.type === type;

/** The object `tools` and the array `permissions`, wherever `defineToolgate` gets them from. */
const partsOf = ({ body }: Parsed): { tools: Syntax; permissions: Syntax } | undefined => {
  const [tools, permissions] = [definedPart(body, "tools"), definedPart(body, "permissions")];
  return isOfType(tools, "ObjectExpression") && isOfType(permissions, "ArrayExpression")
    ? { tools, permissions }
    : undefined;
};

const parsed = (file: string, text: string): Parsed | undefined => {
  try {
    return parse(file, text);
  } catch {
    return undefined;
  }
};

/** Adds the chosen tools to tools.ts. Nothing that stands there is changed. */
export const writeTools = (file: string, text: string, binding: Binding): Written => {
  const tree = parsed(file, text);
  const parts = tree && partsOf(tree);
  const lines = toolLines(binding);
  const permissions = newPermissions(binding).map((name) => JSON.stringify(name));
  const needs = needsOf(binding);
  if (tree === undefined || parts === undefined)
    return { paste: [...importLines(needs), ...permissions, ...lines.map((line) => `${line},`)] };
  const style = styleOf(text);
  const styled = (items: readonly string[]) => items.map((item) => inStyle(item, style));
  return {
    text: insertAll(text, [
      ...addNames(text, tree, needs, style.quote, style.end),
      ...append(text, listOf(parts.permissions), styled(permissions), false),
      ...append(text, listOf(parts.tools), styled(lines), true),
    ]),
  };
};

/** The modules of the chosen functions that a catalog does not list yet. */
const modulesFor = ({ chosen }: Binding, listed: readonly string[]): string[] => {
  const modules = chosen.map((one) => one.function.split(":")[0] ?? "");
  return [...new Set(modules)].filter((module) => !listed.includes(module));
};

const modulesObject = ({ body }: Parsed): Syntax | undefined => {
  const call = constants(body)
    .map(([, value]) => value)
    .find((value) => isCallOf(value, "catalogModule"));
  const [, modules] = call === undefined ? [] : argumentsOf(call);
  return isOfType(modules, "ObjectExpression") ? modules : undefined;
};

/** Adds the modules of the chosen tools to catalog.ts. */
export const writeCatalog = (file: string, text: string, binding: Binding): Written => {
  const tree = parsed(file, text);
  const object = tree && modulesObject(tree);
  const taken = tree === undefined ? new Set<string>() : namesTaken(tree.body);
  const modules = modulesFor(binding, object === undefined ? [] : keysOf(object)).map((module) => {
    const identifier = moduleIdentifier(module, taken);
    taken.add(identifier);
    return { module, identifier };
  });
  const imports = modules.map((one) => catalogImport(one.module, one.identifier, binding.dir));
  const entries = modules.map((one) => catalogEntry(one.module, one.identifier));
  if (tree === undefined || object === undefined)
    return { paste: [...imports, ...entries.map((entry) => `${entry},`)] };
  const style = styleOf(text);
  const styled = (items: readonly string[]) => items.map((item) => inStyle(item, style));
  return {
    text: insertAll(text, [
      ...addLines(text, tree, styled(imports)),
      ...append(text, listOf(object), styled(entries), false),
    ]),
  };
};

/** A rule of a directory. */
import { isObject, type Params } from "../../src/wire/jsonrpc";
import type { Seen, SeenTool } from "./seen";

export type Directory = "Claude" | "OpenAI" | "MCP Registry" | "server card";

/** What a server does against a rule. */
export interface Fault {
  /** A tool, a path or a field of the server. */
  readonly where: string;
  readonly what: string;
}

export interface Rule {
  readonly name: string;
  readonly directory: Directory;
  /** `refused`: the directory does not take the server. `advice`: its reviewers ask, or its users see less. */
  readonly level: "refused" | "advice";
  readonly find: (seen: Seen) => readonly Fault[];
  /** What to do about it. */
  readonly fix: string;
}

/** A rule before it is known what it looks at. */
type Unfound = Omit<Rule, "directory" | "find">;

/** What is wrong, if anything. */
type What = string | false | undefined;

const faults = (where: string, what: What): Fault[] =>
  what === undefined || what === false ? [] : [{ where, what }];

/** Makes rules that look at each tool. */
export const ofTools =
  (directory: Directory) =>
  ({ find, ...rule }: Unfound & { readonly find: (tool: SeenTool) => What }): Rule => ({
    directory,
    find: ({ tools }) => tools.flatMap((tool) => faults(tool.name, find(tool))),
    ...rule,
  });

/** Makes rules that look at the server. `where` names what a rule looks at. */
export const ofServer =
  (directory: Directory) =>
  ({
    where,
    find,
    ...rule
  }: Unfound & { readonly where: string; readonly find: (seen: Seen) => What }): Rule => ({
    directory,
    find: (seen) => faults(where, find(seen)),
    ...rule,
  });

/** A member that is an object; empty if it is none. */
export const objectAt = (of: Params, name: string): Params => {
  const value = of[name];
  return isObject(value) ? value : {};
};

/** A member that is a text; empty if it is none. */
export const textAt = (of: Params, name: string): string => {
  const value = of[name];
  return typeof value === "string" ? value : "";
};

/** A member that is a list; empty if it is none. */
export const listAt = (of: Params, name: string): readonly unknown[] => {
  const value = of[name];
  return Array.isArray(value) ? (value as unknown[]) : [];
};

/** Whether the tool says that it only reads. */
export const onlyReads = (tool: SeenTool): boolean =>
  objectAt(tool, "annotations").readOnlyHint === true;

/** The arguments of a tool, by name. */
export const argumentsOf = (tool: SeenTool): [name: string, schema: Params][] =>
  Object.entries(objectAt(objectAt(tool, "inputSchema"), "properties")).filter(
    (pair): pair is [string, Params] => isObject(pair[1]),
  );

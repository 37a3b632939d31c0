/** What `defineToolgate` was told, read from the exports of a module. It runs in the child process. */
import type { Icon } from "../../src/registry/icons";

/** A tool as its entry in the registry states it, without its validators. */
export interface Entry {
  readonly name: string;
  /** `erp/orders:list`. So are the queries that other fields name. */
  readonly function: string;
  readonly [field: string]: unknown;
}

/** What the app says of itself. What was stated and is no text is absent. */
export interface Server {
  readonly name: string;
  readonly version: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly websiteUrl?: string | undefined;
  readonly instructions?: string | undefined;
  readonly icons: readonly Icon[];
}

/** A prompt, without its function. */
export interface PromptEntry {
  readonly name: string;
  readonly description: string;
  /** The names of its arguments. */
  readonly arguments: readonly string[];
}

/** What `defineToolgate` was told. */
export interface Definition {
  readonly server: Server;
  readonly dir: string;
  readonly permissions: readonly string[];
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly tools: readonly Entry[];
  readonly prompts: readonly PromptEntry[];
  /** URI → the permission that reads it. */
  readonly resources: Readonly<Record<string, string>>;
}

export type Members = Readonly<Record<string, unknown>>;

export const membersOf = (value: unknown): Members =>
  (typeof value === "object" || typeof value === "function") && value !== null
    ? (value as Members)
    : {};

const FUNCTION_NAME = Symbol.for("functionName");

/** The name of a function that a reference names. Convex leaves `:default` out. */
const nameOf = (reference: unknown): string => {
  const { [FUNCTION_NAME]: name } = membersOf(reference) as { [FUNCTION_NAME]?: unknown };
  if (typeof name !== "string") return "";
  return name.includes(":") ? name : `${name}:default`;
};

/** What a line states, with the name of each function in the place of its reference. */
const withNames = (fields: Members): Members =>
  Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, nameOf(one) || one]));

const textIn = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const serverOf = (app: Members): Server => ({
  name: String(app.name),
  version: String(app.version),
  title: textIn(app.title),
  description: textIn(app.description),
  websiteUrl: textIn(app.websiteUrl),
  instructions: textIn(app.instructions),
  icons: Array.isArray(app.icons) ? (app.icons as Icon[]) : [],
});

const promptsOf = ({ prompts = {} }: Members): PromptEntry[] =>
  Object.entries(prompts as Record<string, () => Members>).map(([name, entry]) => {
    const { description, arguments: args } = entry();
    return { name, description: textIn(description) ?? "", arguments: Object.keys(args ?? {}) };
  });

/** The definition among the exports of a module, if there is one. */
export const definitionIn = (exports: Members): { readonly definition?: Definition } => {
  const app = Object.values(exports)
    .map(membersOf)
    .find(({ tools, permissions, roles }) => tools && permissions && typeof roles === "function");
  if (app === undefined) return {};
  const tools = Object.entries(app.tools as Record<string, () => Members>).map(([name, entry]) => {
    const { ref, ...fields } = entry();
    return { ...withNames(fields), name, function: nameOf(ref) };
  });
  const resources = Object.entries((app.resources ?? {}) as Record<string, () => Members>).map(
    ([uri, entry]) => [uri, String(entry().permission)] as const,
  );
  const roles = (app.roles as () => Definition["roles"])();
  const permissions = app.permissions as string[];
  return {
    definition: {
      ...{ server: serverOf(app), dir: String(app.dir), permissions, roles, tools },
      prompts: promptsOf(app),
      resources: Object.fromEntries(resources),
    },
  };
};

/** What `defineToolgate` was told, read from the exports of a module. It runs in the child process. */
import type { Icon } from "../../src/registry/icons";
import { madeFrom, membersOf, nameOf, type Entry, type Flaw, type Members } from "./entries";
import { rolesOf, type Roles } from "./roles";

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

/** What `defineToolgate` was told. */
export interface Definition {
  readonly server: Server;
  readonly dir: string;
  readonly permissions: readonly string[];
  readonly roles: Roles;
  readonly tools: readonly Entry[];
  readonly prompts: readonly Entry[];
  readonly resources: readonly Entry[];
  /** The names of all its fields. */
  readonly fields: readonly string[];
  /** Field → the function that it names: `subjects.exists`. */
  readonly named: Readonly<Record<string, string>>;
  /** What is wrong with the form of its lines and roles. */
  readonly flaws: readonly Flaw[];
}

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

/** The functions that the app names for itself. */
const namedBy = (app: Members): Definition["named"] => {
  const fields = ["tenants.exists", "subjects.exists", "subjects.mayAct", "approvals.notify"];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const [part = "", member = ""] = field.split(".");
      const reference = membersOf(app[part])[member];
      return typeof reference === "function"
        ? [[field, nameOf((reference as () => unknown)())]]
        : [];
    }),
  );
};

/** The definition among the exports of a module, if there is one. */
export const definitionIn = (exports: Members): { readonly definition?: Definition } => {
  const app = Object.values(exports)
    .map(membersOf)
    .find(({ tools, permissions, roles }) => tools && permissions && typeof roles === "function");
  if (app === undefined) return {};
  const dir = String(app.dir);
  const [tools, resources, prompts] = [app.tools, app.resources, app.prompts].map(madeFrom);
  const roles = rolesOf(app, `${dir}/tools`);
  return {
    definition: {
      ...{ server: serverOf(app), dir, permissions: app.permissions as string[] },
      ...{ roles: roles.roles, fields: Object.keys(app), named: namedBy(app) },
      tools: tools?.entries ?? [],
      resources: resources?.entries ?? [],
      prompts: prompts?.entries ?? [],
      flaws: [tools, resources, prompts, roles].flatMap((one) => one?.flaws ?? []),
    },
  };
};

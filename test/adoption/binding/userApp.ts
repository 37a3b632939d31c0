/** An app whose functions know their caller by `ctx.auth`, and the same functions as tools. */
import {
  anyApi,
  type ApiFromModules,
  type FunctionReference,
  type UserIdentity,
} from "convex/server";
import { ConvexError, v } from "convex/values";
import { customCtx, customMutation, customQuery } from "convex-helpers/server/customFunctions";
import { wrapDatabaseReader, wrapDatabaseWriter } from "convex-helpers/server/rowLevelSecurity";
import { zCustomQuery } from "convex-helpers/server/zod4";
import * as z from "zod";
import { beforeAll } from "vitest";
import type { Doc } from "../../../convex/_generated/dataModel";
import {
  action,
  mutation,
  query,
  type MutationCtx,
  type QueryCtx,
} from "../../../convex/_generated/server";
import { asUser, checked, field, keepZod, type Principal } from "../../../src/entry/functions";
import { tool } from "../../../src/entry/tools";
import { callTool, issueKey } from "../../support/gate";
import { begin, reads, writes } from "./setup";

const me = async (ctx: Pick<QueryCtx, "auth">): Promise<UserIdentity> => {
  const identity = await ctx.auth.getUserIdentity();
  if (identity === null) throw new ConvexError({ code: "signed_out", message: "Sign in first." });
  return identity;
};

/** Row-level security of convex-helpers: a user sees and writes the counters of a series of the user's name. */
const rules = ({ subject }: UserIdentity) => ({
  counters: {
    read: (_ctx: unknown, { series }: Doc<"counters">) => Promise.resolve(series === subject),
    insert: (_ctx: unknown, { series }: Pick<Doc<"counters">, "series">) =>
      Promise.resolve(series === subject),
  },
});

const userQuery = customQuery(
  query,
  customCtx(async (ctx: QueryCtx) => {
    const user = await me(ctx);
    return { user, db: wrapDatabaseReader({}, ctx.db, rules(user)) };
  }),
);

const userMutation = customMutation(
  mutation,
  customCtx(async (ctx: MutationCtx) => {
    const user = await me(ctx);
    return { user, db: wrapDatabaseWriter({}, ctx.db, rules(user)) };
  }),
);

const zodQuery = keepZod(
  zCustomQuery(
    query,
    customCtx(async (ctx: QueryCtx) => ({ user: await me(ctx) })),
  ),
);

/** The app as it was before. */
export const before = {
  whoami: query({
    args: {},
    returns: v.any(),
    handler: async (ctx) => ({ ...(await ctx.auth.getUserIdentity()) }),
  }),
  list: userQuery({
    args: { atLeast: v.optional(v.number()) },
    returns: v.array(v.object({ series: v.string(), last: v.number() })),
    handler: async (ctx, { atLeast = 0 }) =>
      (await ctx.db.query("counters").collect())
        .filter(({ last }) => last >= atLeast)
        .map(({ series, last }) => ({ series, last })),
  }),
  add: userMutation({
    args: { series: v.string() },
    returns: v.id("counters"),
    handler: async (ctx, { series }) => {
      const { _id: tenantId } = (await ctx.db.query("tenants").first())!;
      return ctx.db.insert("counters", { tenantId, series, last: 1 });
    },
  }),
  greet: zodQuery({
    args: { name: z.string().min(2).describe("Whom to greet.") },
    returns: z.object({ text: z.string() }),
    handler: async (ctx, { name }) => ({ text: `${ctx.user.subject} greets ${name}` }),
  }),
  meet: checked(userQuery)({
    args: { name: field(v.string(), { minLength: 2, description: "Whom to meet." }) },
    returns: v.object({ text: v.string() }),
    handler: async (ctx, { name }) => ({ text: `${ctx.user.subject} meets ${name}` }),
  }),
  nested: action({
    args: {},
    returns: v.object({ here: v.string(), nested: v.union(v.string(), v.null()) }),
    handler: async (ctx) => ({
      here: (await me(ctx)).subject,
      nested: await ctx.runQuery(
        (
          anyApi as unknown as {
            own: { who: FunctionReference<"query", "public", Record<string, never>, null> };
          }
        ).own.who,
        {},
      ),
    }),
  }),
};

const who = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});

export const ISSUER = "https://auth.example";
export const asCaller = asUser(({ subject, keyId }: Principal) =>
  subject === "nobody"
    ? null
    : { subject, issuer: ISSUER, email: `${subject}@example.com`, via: keyId },
);

export const own = {
  who,
  whoami: asCaller(before.whoami),
  list: asCaller(before.list),
  add: asCaller(before.add),
  greet: asCaller(before.greet),
  meet: asCaller(before.meet),
  nested: asCaller(before.nested),
};

const api = (anyApi as unknown as ApiFromModules<{ own: typeof own }>).own;
const principal = { principal: true } as const;

export const tools = {
  whoami: tool.query(api.whoami, { ...reads, ...principal }),
  list: tool.query(api.list, { ...reads, ...principal, arguments: { atLeast: "From here." } }),
  add: tool.mutation(api.add, { ...writes, ...principal }),
  greet: tool.query(api.greet, { ...reads, ...principal }),
  meet: tool.query(api.meet, { ...reads, ...principal }),
  nested: tool.action(api.nested, { ...writes, ...principal }),
};

// @ts-expect-error the wrapped function takes the principal
tool.query(api.list, reads);
// @ts-expect-error a wrapped mutation is a mutation
tool.query(api.add, { ...reads, ...principal });

export let app: Awaited<ReturnType<typeof begin>>;
const keys: Record<string, string> = {};

beforeAll(async () => {
  app = await begin(tools, own);
  for (const subject of ["ada", "bob", "nobody"])
    keys[subject] = (await issueKey(app.t, { subject })).key;
});

export const as = (subject: string, name: string, args: object = {}) =>
  callTool(app.t, keys[subject]!, name, args);

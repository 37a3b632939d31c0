/** Functions as an app has them, one of each kind. */
import {
  actionGeneric,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  mutationGeneric,
  paginationOptsValidator,
  queryGeneric,
  type ApiFromModules,
  type FunctionReference,
} from "convex/server";
import { v } from "convex/values";
import {
  asUser,
  inputHandle,
  inputValidator,
  jobHandle,
  jobValidator,
  principalValidator,
  type Principal,
} from "toolgate/functions";

export const list = internalQueryGeneric({
  args: { principal: principalValidator() },
  returns: v.array(v.string()),
  handler: async (_ctx, { principal }): Promise<string[]> => [principal.tenant],
});

export const add = internalMutationGeneric({
  args: { text: v.string(), input: inputValidator() },
  returns: v.null(),
  handler: async (_ctx, { input }) => {
    await inputHandle(input).ask({ ok: { method: "roots/list", params: {} } });
    return null;
  },
});

export const send = internalActionGeneric({
  args: { job: jobValidator() },
  returns: v.null(),
  handler: async (ctx, { job }) => {
    await jobHandle(ctx, job).progress(1, 2);
    return null;
  },
});

/** Public, as the app has it. */
export const mine = queryGeneric({
  args: { paginationOpts: paginationOptsValidator, input: v.string() },
  handler: async (ctx, { input }) =>
    `${input} ${(await ctx.auth.getUserIdentity())?.subject ?? ""}`,
});

const asCaller = asUser(({ subject }) => ({ subject, issuer: "https://auth.example" }));

export const minded = asCaller(mine);

const wrapped = {
  mine,
  minded,
  adding: asCaller(mutationGeneric({ args: { n: v.number() }, handler: (_ctx, { n }) => n })),
  acting: asCaller(actionGeneric({ args: {}, handler: () => null })),
};

/** As `_generated/api` has them, by Convex's own types. */
export type Wrapped = ApiFromModules<{ wrapped: typeof wrapped }>["wrapped"];

/** As `_generated/api` would have them. */
export interface Internal {
  list: FunctionReference<"query", "internal", { principal: Principal }, string[]>;
  add: FunctionReference<
    "mutation",
    "internal",
    { text: string; input: { can: string[]; answers: string } }
  >;
  send: FunctionReference<"action", "internal", { job: { jobId: string; dir: string } }>;
  exists: FunctionReference<"query", "internal", { slug: string }, boolean>;
  getJob: FunctionReference<"query", "internal", { jobId: string; principal: Principal }>;
  stopJob: FunctionReference<"mutation", "internal", { jobId: string; principal: Principal }>;
}

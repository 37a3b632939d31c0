/** Builders for the ERP's functions. They take zod arguments and put the caller's tenant into the context. */
import { zCustomAction, zCustomMutation, zCustomQuery } from "convex-helpers/server/zod4";
import {
  inputHandle,
  inputValidator,
  jobHandle,
  jobValidator,
  keepZod,
  principalValidator,
  type InputArgument,
  type JobArgument,
  type Principal,
} from "../../src/entry/functions";
import type { Doc } from "../_generated/dataModel";
import {
  internalAction,
  internalMutation,
  internalQuery,
  type ActionCtx,
  type MutationCtx,
  type QueryCtx,
} from "../_generated/server";
import { fail } from "./fail";

/** The members that every query and mutation of the ERP has in its context, beside Convex's own. */
export interface TenantContext {
  tenant: Doc<"tenants">;
  principal: Principal;
}

/** The context of a `tenantQuery`. A helper that only reads asks for this. */
export type TenantQueryCtx = Pick<QueryCtx, "db"> & TenantContext;

/** The context of a `tenantMutation`. A helper that writes asks for this. */
export type TenantMutationCtx = Pick<MutationCtx, "db"> & TenantContext;

const asCaller = {
  args: { principal: principalValidator() },
  input: async (ctx: QueryCtx, { principal }: { principal: Principal }) => {
    const tenant = await ctx.db
      .query("tenants")
      .withIndex("by_slug", (q) => q.eq("slug", principal.tenant))
      .unique();
    if (tenant === null) return fail("unknown_tenant", "Your tenant does not exist.");
    return { ctx: { tenant, principal }, args: {} };
  },
};

/**
 * An internal query with zod arguments. It runs for the tenant of `principal`.
 *
 * @throws ConvexError `unknown_tenant`
 */
export const tenantQuery = keepZod(zCustomQuery(internalQuery, asCaller));

/**
 * An internal mutation with zod arguments. It runs for the tenant of `principal`.
 *
 * @throws ConvexError `unknown_tenant`
 */
export const tenantMutation = keepZod(zCustomMutation(internalMutation, asCaller));

const asAskingCaller = {
  args: { ...asCaller.args, input: inputValidator() },
  input: async (
    ctx: QueryCtx,
    { principal, input }: { principal: Principal; input: InputArgument },
  ) => {
    const { ctx: caller, args } = await asCaller.input(ctx, { principal });
    return { ctx: { ...caller, input: inputHandle(input) }, args };
  },
};

/** A `tenantQuery` that takes what an `askingMutation` takes. */
export const askingQuery = keepZod(zCustomQuery(internalQuery, asAskingCaller));

/** A `tenantMutation` that can ask the user, by `ctx.input`. */
export const askingMutation = keepZod(zCustomMutation(internalMutation, asAskingCaller));

const asJob = {
  args: { principal: principalValidator(), job: jobValidator() },
  input: (ctx: ActionCtx, { principal, job }: { principal: Principal; job: JobArgument }) =>
    Promise.resolve({ ctx: { principal, job: jobHandle(ctx, job) }, args: {} }),
};

/**
 * An internal action with zod arguments that runs as a job. `ctx.job` reports progress and tells whether the job is cancelled. The
 * tenant is not looked up: the queries and mutations that the action calls do that.
 */
export const tenantAction = keepZod(zCustomAction(internalAction, asJob));

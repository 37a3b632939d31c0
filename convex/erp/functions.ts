/** Builders for the ERP's functions. They check the limits of fields and put the caller's tenant into the context. */
import { customAction, customMutation, customQuery } from "convex-helpers/server/customFunctions";
import {
  checked,
  inputHandle,
  inputValidator,
  jobHandle,
  jobValidator,
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
 * An internal query. It runs for the tenant of `principal`.
 *
 * @throws ConvexError `unknown_tenant`
 */
export const tenantQuery = checked(customQuery(internalQuery, asCaller));

/**
 * An internal mutation. It runs for the tenant of `principal`.
 *
 * @throws ConvexError `unknown_tenant`
 */
export const tenantMutation = checked(customMutation(internalMutation, asCaller));

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
export const askingQuery = checked(customQuery(internalQuery, asAskingCaller));

/** A `tenantMutation` that can ask the user, by `ctx.input`. */
export const askingMutation = checked(customMutation(internalMutation, asAskingCaller));

const asJob = {
  args: { principal: principalValidator(), job: jobValidator() },
  input: (ctx: ActionCtx, { principal, job }: { principal: Principal; job: JobArgument }) =>
    Promise.resolve({ ctx: { principal, job: jobHandle(ctx, job) }, args: {} }),
};

/**
 * An internal action that runs as a job. `ctx.job` reports progress and tells whether the job is cancelled. The
 * tenant is not looked up: the queries and mutations that the action calls do that.
 */
export const tenantAction = checked(customAction(internalAction, asJob));

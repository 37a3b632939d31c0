/**
 * For an app whose own signed-in users approve calls. The app calls these functions from its own queries and mutations, after it has
 * checked who is signed in and what they may approve.
 *
 * They trust what they are told of the user. So never pass a subject or a tenant that came from the browser.
 */
import type { GenericMutationCtx } from "convex/server";
import type { GateDataModel, GateQueryCtx, GateTx } from "../data/database";
import { ONLY_TENANT } from "../data/principal";
import type { Toolgate } from "../registry/toolgate";
import { decide, type Decided, type Deciding } from "./decide";
import { show, type ApprovalDetail, type Shows } from "./get";
import type { ApprovalInfo } from "./info";
import { listApprovals as listing, type Which } from "./list";

/** Narrows the context of an app's mutation to the gate's tables. The cast is safe, but TypeScript cannot prove it. */
const gateTx = <Model extends GateDataModel>(ctx: GenericMutationCtx<Model>): GateTx => ctx;

/** The tenant of the user; absent in an app with one tenant. */
type InTenant = { readonly tenant?: string };

/** Lists the held calls of the tenant: a page, as the internal function `listApprovals` does. */
export const listApprovals = <Model extends GateDataModel>(
  ctx: GateQueryCtx<Model>,
  app: Toolgate,
  { tenant = ONLY_TENANT, ...which }: Which,
): Promise<{ approvals: ApprovalInfo[]; nextCursor: string | null }> =>
  listing(app).handler(ctx, { tenant, ...which });

/**
 * Shows a held call of the tenant, as it is now.
 *
 * @throws ConvexError `not_found`, also for a call of another tenant.
 */
export const getApproval = <Model extends GateDataModel>(
  ctx: Shows<Model>,
  app: Toolgate,
  { jobId, tenant = ONLY_TENANT }: { readonly jobId: string } & InTenant,
): Promise<ApprovalDetail> => show(ctx, app, jobId, tenant);

/**
 * Decides on a held call of the tenant, for the signed-in user. The tool runs in the transaction of the mutation that calls this, so let an
 * error of it pass: if the mutation fails, neither the decision nor the effect stays.
 *
 * Checked: that `by` is not the subject of the call, its key or its connection. Not checked: whether the user may decide, and whether another
 * subject is an agent of theirs: for that, compare the `subject` that `getApproval` tells.
 *
 * @param decision - `by` is the user's subject.
 * @throws ConvexError as the internal function `decideApproval` does.
 */
export const decideApproval = <Model extends GateDataModel>(
  ctx: GenericMutationCtx<Model>,
  app: Toolgate,
  { tenant = ONLY_TENANT, ...decision }: Deciding & InTenant,
): Promise<Decided> => decide(gateTx(ctx), app, decision, "app", tenant);

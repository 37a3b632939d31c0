/**
 * For an app whose own signed-in users approve calls. The app calls these functions from its own queries and mutations, after it has
 * checked who is signed in and what they may approve.
 *
 * They trust what they are told of the user. So never pass a subject that came from the browser.
 */
import type { GenericMutationCtx } from "convex/server";
import type { GateDataModel, GateQuery, GateQueryCtx, GateTx } from "../data/database";
import type { Toolgate } from "../registry/toolgate";
import { decideApproval as deciding, type Decided, type Deciding } from "./decide";
import { getApproval as getting, type ApprovalDetail } from "./get";
import type { ApprovalInfo } from "./info";
import { listApprovals as listing, type Which } from "./list";

/** Narrows the context of an app's mutation to the gate's tables. The cast is safe, but TypeScript cannot prove it. */
const gateTx = <Model extends GateDataModel>(ctx: GenericMutationCtx<Model>): GateTx => ctx;

/** Lists held calls: a page, as the internal function `listApprovals` does. Pass the tenant of the user. */
export const listApprovals = <Model extends GateDataModel>(
  ctx: GateQueryCtx<Model>,
  app: Toolgate,
  which: Which,
): Promise<{ approvals: ApprovalInfo[]; nextCursor: string | null }> =>
  listing(app).handler(ctx, which);

/**
 * Shows one held call, as it is now. Whether the user may see it is not checked: look at its `tenant`.
 *
 * @throws ConvexError `not_found`
 */
export const getApproval = <Model extends GateDataModel>(
  ctx: GateQueryCtx<Model> & Pick<GateQuery, "runQuery">,
  app: Toolgate,
  args: { jobId: string },
): Promise<ApprovalDetail> => getting(app).handler(ctx, args);

/**
 * Decides on a held call for the signed-in user. Whether the user may decide is not checked, but that nobody approves their own call.
 *
 * @param deciding - `by` is the user's subject.
 */
export const decideApproval = <Model extends GateDataModel>(
  ctx: GenericMutationCtx<Model>,
  app: Toolgate,
  decision: Deciding,
): Promise<Decided> => deciding(app).handler(gateTx(ctx), decision);

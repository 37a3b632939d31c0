/** notifications/cancelled (2025 revisions). */
import { leaveOf } from "../admit";
import type { Notified } from "../dispatcher";

/** Cancels the running job that was called under the given id. Anything else has ended before it could be cancelled. */
export const cancelled: Notified = async (exchange) => {
  const { ctx, server, message } = exchange;
  const { requestId } = message.params;
  if (typeof requestId !== "string" && typeof requestId !== "number") return;
  const { keyId } = leaveOf(exchange).granted.principal;
  await ctx.runMutation(server.jobs.cancelRequest, { keyId, requestId: JSON.stringify(requestId) });
};

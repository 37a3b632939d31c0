/** notifications/cancelled (2025 revisions). */
import { parsePeppers } from "../../auth/pepper";
import { sessionOf } from "../call/session";
import { leaveOf, type Notified } from "../exchange";

/** Cancels the running job that was called under the given id. Anything else has ended before it could be cancelled. */
export const cancelled: Notified = async (exchange) => {
  const { ctx, server, message } = exchange;
  const { requestId } = message.params;
  if (typeof requestId !== "string" && typeof requestId !== "number") return;
  const { keyId } = leaveOf(exchange).granted.principal;
  const session = await sessionOf(exchange.request.headers, parsePeppers(server.peppers()));
  await ctx.runMutation(server.functions.jobs.cancelRequest, {
    keyId,
    ...(session === undefined ? {} : { session: session.id }),
    requestId: JSON.stringify(requestId),
  });
};

/** notifications/cancelled (2025 revisions). */
import { sessionOf } from "../call/session";
import type { Exchange } from "../exchange";

/** Cancels the running job that was called under the given id. Anything else has ended before it could be cancelled. */
export const cancelled = async (exchange: Exchange): Promise<void> => {
  const { ctx, server, message, request, peppers, principal } = exchange;
  const { requestId } = message.params;
  if (typeof requestId !== "string" && typeof requestId !== "number") return;
  const session = await sessionOf(request.headers, peppers);
  await ctx.runMutation(server.functions.jobs.cancelRequest, {
    keyId: principal.keyId,
    ...(session === undefined ? {} : { session: session.id }),
    requestId: JSON.stringify(requestId),
  });
};

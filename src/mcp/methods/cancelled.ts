/** Acts on notifications/cancelled (2025 revisions). */
import { cancelIdOf, sessionOf } from "../call/session";
import type { Exchange } from "../exchange";
import { runMutation } from "../glue";

/** Cancels the job that the request with the given id has started, if it still runs, and ends its wait for an answer on its stream. */
export const cancelled = async (exchange: Exchange): Promise<void> => {
  const { message, request, principal } = exchange;
  const { requestId } = message.params;
  if (typeof requestId !== "string" && typeof requestId !== "number") return;
  const session = await sessionOf(request.headers);
  await runMutation(exchange, "jobs:cancelRequest", {
    keyId: principal.keyId,
    session: session?.id,
    requestId: JSON.stringify(requestId),
  });
  if (session === undefined || session.can.length === 0) return;
  const waiting = { requestId: cancelIdOf(session, requestId), principal, response: "{}" };
  await runMutation(exchange, "jobs:respond", waiting);
};

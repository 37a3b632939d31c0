/** Acts on notifications/cancelled (2025 revisions). */
import { sessionOf } from "../call/session";
import type { Exchange } from "../exchange";
import { runMutation } from "../glue";

/** Cancels the job that the request with the given id has started, if it still runs. Any other request has already ended. */
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
};

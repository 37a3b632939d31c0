/** notifications/cancelled (2025 revisions). */
import { makeFunctionReference } from "convex/server";
import { sessionOf } from "../call/session";
import type { Exchange } from "../exchange";
import type { Glue } from "../glue";

/** Cancels the running job that was called under the given id. Anything else has ended before it could be cancelled. */
export const cancelled = async (exchange: Exchange): Promise<void> => {
  const { ctx, app, message, request, peppers, principal } = exchange;
  const { requestId } = message.params;
  if (typeof requestId !== "string" && typeof requestId !== "number") return;
  const session = await sessionOf(request.headers, peppers);
  await ctx.runMutation<Glue["jobs:cancelRequest"]>(
    makeFunctionReference(`${app.dir}/jobs:cancelRequest`),
    {
      keyId: principal.keyId,
      session: session?.id,
      requestId: JSON.stringify(requestId),
    },
  );
};

/** The lease of a request on its place among the open streams, while it waits. */
import { makeFunctionReference } from "convex/server";
import { logInternalError } from "../../wire/responses";
import type { Exchange } from "../exchange";
import type { Glue } from "../glue";

/** How often it is renewed. */
const RENEW_MS = 20_000;

const update = async ({ ctx, app, streamLease }: Exchange, open: boolean): Promise<void> => {
  if (streamLease === undefined) return;
  await ctx
    .runMutation<Glue["jobs:renewLease"]>(makeFunctionReference(`${app.dir}/jobs:renewLease`), {
      streamLease,
      open,
    })
    .catch(logInternalError);
};

/** Renews the lease now and then, whenever it is called. The next time makes good for a failure. */
export const streamLeaseKeeper = (exchange: Exchange): (() => Promise<void>) => {
  let renewedAt = Date.now();
  return async () => {
    if (Date.now() - renewedAt < RENEW_MS) return;
    renewedAt = Date.now();
    await update(exchange, true);
  };
};

/** Gives the lease of a request back that has been answered. If that fails, it runs out. */
export const releaseStreamLease = (exchange: Exchange): Promise<void> => update(exchange, false);

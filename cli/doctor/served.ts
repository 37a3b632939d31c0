/** Which protocol era to ask in. */
import { admitted, resultOf } from "./answer";
import type { Reply } from "./ask";
import { legacy, modern, type Dialect } from "./dialect";
import { skip, Verdict } from "./finding";

const isServed = async (reply: Promise<Reply>): Promise<boolean> => {
  try {
    resultOf(admitted(await reply));
    return true;
  } catch (error) {
    // The key is refused in one era as in the other.
    if (error instanceof Verdict && error.finding.status === "skip") throw error;
    return false;
  }
};

/**
 * The legacy era if it is served: there, leaving a stream does not cancel the call.
 *
 * @param initialize - the answer to it.
 * @param discover - the answer to it.
 * @throws Verdict `skip` if neither era is served, or the key is refused.
 */
export const dialectOf = async (
  initialize: Promise<Reply>,
  discover: Promise<Reply>,
): Promise<Dialect> => {
  const [isLegacy, isModern] = await Promise.all([isServed(initialize), isServed(discover)]);
  if (isLegacy) return legacy;
  if (isModern) return modern;
  throw new Verdict(skip("no revision is served"));
};

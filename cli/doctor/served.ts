/** Chooses the protocol era for the requests of the doctor. */
import { admitted, resultOf } from "./answer";
import type { Reply } from "./ask";
import { legacy, modern, type Dialect } from "./dialect";
import { skip, Verdict } from "./finding";

const isServed = async (reply: Promise<Reply>): Promise<boolean> => {
  try {
    resultOf(admitted(await reply));
    return true;
  } catch (error) {
    // A refused key is no sign that the era is missing.
    if (error instanceof Verdict && error.finding.status === "skip") throw error;
    return false;
  }
};

/**
 * Chooses the legacy era if the server speaks it, because there a call goes on when the client leaves its stream.
 *
 * @param initialize - the answer to `initialize`.
 * @param discover - the answer to `server/discover`.
 * @throws Verdict `skip` if the server speaks neither era, or refuses the key.
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

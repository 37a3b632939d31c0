/** Finds the seal that the next one follows. */
import { spend } from "../data/meter";
import { newestFirst, type Seal } from "../data/seals";
import type { GateReader } from "../data/database";
import type { Pepper } from "./pepper";
import { conditionOf } from "./signedSeals";

/** How many seals are looked at, and of how many bytes. One is enough unless somebody has put others in. */
const LOOKED_AT = 1_000;
const BYTES = 4_000_000;

/** The newest seal, if there is one. */
export interface Newest {
  readonly seal: Seal | null;
  /** Whether all that were looked at are forged, and there are more. */
  readonly isLost: boolean;
}

/** Whether a seal under a key that is gone may be one of the chain. If it is not, a check names it all the same: as unchecked. */
const mayFollow = ({ seq, key, to, mac }: Seal, now: number): boolean =>
  Number.isSafeInteger(seq) &&
  seq > 0 &&
  to > 0 &&
  to <= now &&
  key.length <= 32 &&
  mac.length === 43;

/**
 * Finds the newest good seal: one that a key has signed. Whoever can write to the database without a key can put in seals, but not hold up
 * the sealing by them. If there is none that is good, such as after the keys were replaced, it is the newest whose key is gone.
 *
 * It does not check the rows of the seal.
 */
export const newestSeal = async (
  db: GateReader,
  keys: readonly Pepper[],
  now: number,
): Promise<Newest> => {
  const meter = { left: BYTES };
  let walked = 0;
  let unchecked: Seal | null = null;
  for await (const seal of newestFirst(db)) {
    const condition = await conditionOf(keys, seal);
    if (condition === "good") return { seal, isLost: false };
    if (condition === "unchecked" && unchecked === null && mayFollow(seal, now)) unchecked = seal;
    spend(meter, seal);
    if (++walked === LOOKED_AT || meter.left <= 0)
      return { seal: unchecked, isLost: unchecked === null };
  }
  return { seal: unchecked, isLost: false };
};

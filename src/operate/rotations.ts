/** The chain of a key: the keys that it replaced in rotations, and those that replaced it. */
import { findKey, whyUnusable } from "../auth/credential";
import { refuse } from "../base/refuse";
import type { Doc, GateReader } from "../data/database";

type Key = Doc<"toolgateKeys">;

/** The most rotations back that are followed: a call that waits runs by a newer key for no more of them. */
const MOST_BACK = 20;

/** The most rotations on that are followed: those of five years, of a key that is rotated each day. */
const MOST_ON = 2_000;

/** Whether a key works, or `updateKey` could make it work again, as it can an expired one. */
const canWork = (key: Key): boolean => {
  const why = whyUnusable(key, Date.now());
  return why === undefined || why === "expired";
};

/**
 * Returns the newest key of a chain and the one before it. No other can work: a rotation ends the grace of the key before.
 *
 * It throws ConvexError `wrong_state` if there are too many rotations: to leave out the newest key would say of it that it is none.
 */
const newestTwo = async (db: GateReader, key: Key): Promise<Key[]> => {
  let newest = key;
  let before = key.replaces === undefined ? null : await findKey(db, key.replaces);
  for (let turn = 0; newest.replacedBy !== undefined; turn++) {
    if (turn === MOST_ON)
      refuse(
        "wrong_state",
        `Key ${key.keyId} was rotated over ${String(MOST_ON)} times since. Name a newer key of its chain: ${newest.keyId}.`,
      );
    const next = await findKey(db, newest.replacedBy);
    if (next === null) break;
    [newest, before] = [next, newest];
  }
  return before === null ? [newest] : [newest, before];
};

/** The other keys of a chain that work, or could again. It throws ConvexError `wrong_state` for a chain of over 2,000 keys after this one. */
export const othersOf = async (db: GateReader, key: Key): Promise<Key[]> =>
  (await newestTwo(db, key)).filter((other) => other._id !== key._id && canWork(other));

/** The ids of keys and of those before them. */
export const withThoseBefore = async (
  db: GateReader,
  keys: readonly Key[],
): Promise<Set<string>> => {
  const ids = new Set<string>();
  for (const key of keys) {
    let at: Key | null = key;
    for (let turn = 0; turn <= MOST_BACK && at !== null && !ids.has(at.keyId); turn++) {
      ids.add(at.keyId);
      at = at.replaces === undefined ? null : await findKey(db, at.replaces);
    }
  }
  return ids;
};

/** Finds the seals at which retention has to look. */
import type { GateReader } from "../data/database";
import { readWithin, spend, type Meter } from "../data/meter";
import { stayingFrom, stayingSince, unpruned, type Seal } from "../data/seals";
import type { Pepper } from "./pepper";
import { conditionOf } from "./signedSeals";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long it leaves alone a seal at which it has looked in vain, in ms. */
const AGAIN_MS = 7 * DAY_MS;

/** The most bytes that are read. */
const BYTES = 2_000_000;

/**
 * By when rows are no longer kept.
 *
 * @param keepDays - a whole number from 1.
 * @throws Error for another number
 */
export const endOfKeeping = (keepDays: number, now: number): number => {
  if (!(Number.isInteger(keepDays) && keepDays >= 1))
    throw new Error("defineToolgate: audit.keepDays must be a whole number from 1");
  return now - keepDays * DAY_MS;
};

/** What comes first by number, up to the first good seal with a row that is still kept. One that is not good says nothing of others. */
const firstOf = async (
  { db, keys, meter }: { db: GateReader; keys: readonly Pepper[]; meter: Meter },
  before: number,
  most: number,
): Promise<Seal[]> => {
  const due: Seal[] = [];
  for await (const seal of unpruned(db)) {
    spend(meter, seal);
    if (seal.to >= before && (await conditionOf(keys, seal)) === "good") break;
    due.push(seal);
    if (due.length === most || meter.left <= 0) break;
  }
  return due;
};

/**
 * The seals whose rows all are from before a time, oldest first, and those that are not good: they are to be marked, so that they hold up no
 * others. A mark proves nothing: each is looked at again once it is a week old, and one from the future at once.
 *
 * @param most - how many are returned at most.
 */
export const dueSeals = async (
  db: GateReader,
  keys: readonly Pepper[],
  times: { readonly before: number; readonly now: number },
  most: number,
): Promise<Seal[]> => {
  const { before, now } = times;
  const meter = { left: BYTES };
  const due = await firstOf({ db, keys, meter }, before, most);
  for (const staying of [stayingSince(db, now - AGAIN_MS), stayingFrom(db, now)]) {
    if (due.length < most) due.push(...(await readWithin(meter, staying, most - due.length)));
  }
  return due;
};

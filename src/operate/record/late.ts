/**
 * Tells of seals that were made long after their rows. Who removes the newest seals, changes rows and has them sealed anew leaves a log that
 * fits; but the new seals say when they were made, and no one without a key can make them say another time.
 */
import type { Seal } from "../../data/seals";
import { iso, type Fault } from "./faults";

/** Longer than a cron is out unless somebody should know, in ms. */
const LATE_MS = 24 * 60 * 60 * 1000;

/** A seal, and the time of the oldest row in it. */
export interface LateSeal {
  readonly seal: Seal;
  readonly since: number;
}

/** Whether a good seal is late. */
export const isLate = ({ seal, since }: LateSeal): boolean => seal.at - since > LATE_MS;

/** Seals that follow each other, together. */
const runsOf = (late: readonly LateSeal[]): LateSeal[][] => {
  const runs: LateSeal[][] = [];
  for (const one of late) {
    const run = runs.at(-1);
    if (run?.at(-1)?.seal.seq === one.seal.seq - 1) run.push(one);
    else runs.push([one]);
  }
  return runs;
};

const faultOf = (run: readonly LateSeal[]): Fault[] => {
  const [first, last] = [run[0], run.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { seq, at } = first.seal;
  const which =
    run.length === 1
      ? `seal ${String(seq)}, made ${iso(at)}, is`
      : `seals ${String(seq)} to ${String(last.seal.seq)}, made ${iso(at)} to ${iso(last.seal.at)}, are`;
  const rows = `rows from ${iso(first.since)} to ${iso(last.seal.to)} may have been changed before`;
  const place = `${which} more than a day younger than the oldest row: ${rows}. Nothing sealed them in that time, or their seals were removed`;
  return [{ kind: "sealed_late", place, seal: seq }];
};

/** @returns one fault for seals that follow each other. */
export const lateFaults = (late: readonly LateSeal[]): Fault[] => runsOf(late).flatMap(faultOf);

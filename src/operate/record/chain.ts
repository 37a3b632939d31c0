/** Follows the chain of seals: whether each one follows the one before. */
import type { Condition } from "../../auth/signedSeals";
import type { Seal } from "../../data/seals";

/** A fault of the chain. For `seal_missing`, `seal` is the first that is missing, and `upTo` the last. */
export interface SealFault {
  readonly kind:
    "seal_changed" | "seal_unchecked" | "seal_inserted" | "seal_missing" | "chain_broken";
  readonly seal: number;
  readonly upTo?: number;
}

/** Where a check of the chain stands: the number that comes next, and the last good seal. */
export interface Standing {
  readonly next: number;
  readonly good: Pick<Seal, "seq" | "mac" | "to"> | null;
}

export const START: Standing = { next: 1, good: null };

/** Whether a seal names the one before as it is. */
const follows = (good: Standing["good"], { previous, after }: Seal): boolean =>
  previous === (good?.mac ?? "") && after === (good?.to ?? 0);

/** @param seal - a good one. */
const linked = ({ next, good }: Standing, seal: Seal): SealFault[] => {
  const { seq } = seal;
  if (seq > next) return [{ kind: "seal_missing", seal: next, upTo: seq - 1 }];
  const isNext = seq === (good?.seq ?? 0) + 1;
  return isNext && !follows(good, seal) ? [{ kind: "chain_broken", seal: seq }] : [];
};

/**
 * Goes one seal further.
 *
 * @returns the faults of this seal as one of the chain, where the check stands now, and whether the seal says what its rows were.
 */
export const step = (
  standing: Standing,
  seal: Seal,
  condition: Condition,
): { faults: SealFault[]; standing: Standing; isGood: boolean } => {
  const { seq, mac, to } = seal;
  if (condition !== "good") {
    const next = seq === standing.next ? seq + 1 : standing.next;
    const faults = [{ kind: `seal_${condition}` as const, seal: seq }];
    return { faults, standing: { ...standing, next }, isGood: false };
  }
  if (seq <= (standing.good?.seq ?? 0))
    return { faults: [{ kind: "seal_inserted", seal: seq }], standing, isGood: false };
  const now = { next: seq + 1, good: { seq, mac, to } };
  return { faults: linked(standing, seal), standing: now, isGood: true };
};

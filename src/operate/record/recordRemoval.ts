/** Writes what retention has done into the audit log. */
import { recordChange } from "../../data/audit";
import type { GateTx } from "../../data/database";
import type { Seal } from "../../data/seals";
import type { RowFault } from "./compareRows";
import { iso } from "./faults";
import type { Outcome } from "./pruneSeal";

const rangeOf = (seals: readonly Seal[]) => {
  const [first, last] = [seals[0], seals.at(-1)];
  if (first === undefined || last === undefined) return {};
  return {
    seals: `${String(first.seq)} to ${String(last.seq)}`,
    ...(first.after === 0 ? {} : { from: iso(first.after) }),
    to: iso(last.to),
  };
};

const countsOf = (faults: readonly RowFault[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

/** Numbers as text, since somebody may have put in ones that JSON does not have. */
const numbersOf = (outcomes: readonly Outcome[], became: Outcome["became"]) => {
  const seals = outcomes.filter((one) => one.became === became).map(({ seal }) => String(seal.seq));
  return seals.length === 0 ? {} : { [became]: seals.join(", ") };
};

const orNothing = (name: string, value: object) =>
  Object.keys(value).length === 0 ? {} : { [name]: value };

/** Writes the row that says what was removed, and what stays and why. It is sealed like any other. Nothing is written of nothing. */
export const recordRemoval = async (
  tx: GateTx,
  keepDays: number,
  outcomes: readonly Outcome[],
): Promise<void> => {
  const removed = outcomes.filter(({ became }) => became === "removed");
  const damaged = removed
    .filter(({ faults }) => faults.length > 0)
    .map(({ seal, faults }) => ({ seal: seal.seq, ...countsOf(faults) }));
  const stays = {
    ...numbersOf(outcomes, "changed"),
    ...numbersOf(outcomes, "unchecked"),
    ...numbersOf(outcomes, "unread"),
  };
  if (removed.length === 0 && Object.keys(stays).length === 0) return;
  const rows = removed.reduce((sum, one) => sum + one.removed, 0);
  const about = { ...orNothing("damaged", damaged), ...orNothing("stays", stays) };
  const args = { keepDays, rows, ...rangeOf(removed.map(({ seal }) => seal)), ...about };
  await recordChange(tx, { method: "audit/prune", args });
};

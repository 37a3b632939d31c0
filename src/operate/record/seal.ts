/** Makes seals, and tells whether one is as it was made. */
import { hasSigned, signForAudit } from "../../auth/sealKeys";
import type { Pepper } from "../../auth/pepper";
import { canonicalJson, digest } from "../../base/digest";
import type { Doc } from "../../data/database";
import type { Seal, SealedRows } from "../../data/seals";

/** A row of the audit log, as a seal names it. */
export type SealedRow = SealedRows["rows"][number];

/** A new seal, before it is a row. */
type Made = Omit<Seal, "_id" | "_creationTime">;

/** @returns the row's id and creation time, and the SHA-256 of all of it, both of these too. */
export const rowOf = async (row: Doc<"toolgateAudit">): Promise<SealedRow> => ({
  id: row._id,
  at: row._creationTime,
  digest: await digest(row),
});

/** What is signed: all that never changes. It has the rows, which can be removed, by their digest. */
const textOf = ({ seq, key, after, to, count, digest: of, previous, at }: Omit<Made, "mac">) =>
  `seal:${canonicalJson({ seq, key, after, to, count, of, previous, at })}`;

/** What is signed when the rows of a seal are removed. */
const removalText = ({ mac }: Pick<Seal, "mac">, at: number): string =>
  `removed:${String(at)}:${mac}`;

/** Makes the seal over rows that follow those of the seal before. */
export const makeSeal = async (
  key: Pepper,
  last: Seal | null,
  rows: readonly SealedRow[],
  now: number,
): Promise<Made> => {
  const after = last?.to ?? 0;
  const seal = {
    ...{ seq: (last?.seq ?? 0) + 1, key: key.id, after, to: rows.at(-1)?.at ?? after },
    ...{ count: rows.length, digest: await digest(rows), previous: last?.mac ?? "", at: now },
  };
  return { ...seal, mac: await signForAudit(key, textOf(seal)) };
};

/** What marks a seal whose rows were removed. */
export const makeRemoval = async (key: Pepper, seal: Seal, now: number) => ({
  ...{ at: now, key: key.id },
  mac: await signForAudit(key, removalText(seal, now)),
});

/** A seal is `unchecked` if the environment does not hold its key. */
export type Condition = "good" | "changed" | "unchecked";

const wordOf = (signed: boolean | undefined): Condition => {
  if (signed === undefined) return "unchecked";
  return signed ? "good" : "changed";
};

/**
 * Whether the seal is as it was made, and its rows are the ones that it named then, or were removed by somebody who holds a key.
 *
 * @param rows - what `toolgateSealedRows` says of its rows.
 */
export const conditionOf = async (
  keys: readonly Pepper[],
  seal: Seal,
  rows: readonly SealedRow[] | undefined,
): Promise<Condition> => {
  const made = wordOf(await hasSigned(keys, seal, textOf(seal)));
  const { removed } = seal;
  if (made !== "good") return made;
  if (rows !== undefined) return (await digest(rows)) === seal.digest ? "good" : "changed";
  if (removed === undefined) return "changed";
  return wordOf(await hasSigned(keys, removed, removalText(seal, removed.at)));
};

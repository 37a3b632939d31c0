/** Signs seals over the audit log, and tells whether one is as it was signed. */
import { canonicalJson } from "../base/digest";
import type { Seal } from "../data/seals";
import type { Pepper } from "./pepper";
import { hasSigned, signForAudit } from "./sealKeys";

/** A new seal, before it is a row. */
export type Made = Omit<Seal, "_id" | "_creationTime">;

/** What is signed: all that never changes. It has the rows, which can be removed, by their digest. */
const textOf = ({ seq, key, after, to, count, digest: of, previous, at }: Omit<Made, "mac">) =>
  `seal:${canonicalJson({ seq, key, after, to, count, of, previous, at })}`;

/** What is signed when the rows of a seal are removed. */
const removalText = ({ mac }: Pick<Seal, "mac">, at: number): string =>
  `removed:${String(at)}:${mac}`;

export const signSeal = async (key: Pepper, seal: Omit<Made, "mac">): Promise<Made> => ({
  ...seal,
  mac: await signForAudit(key, textOf(seal)),
});

/** What marks a seal whose rows were removed. */
export const signRemoval = async (key: Pepper, seal: Seal, now: number) => ({
  ...{ at: now, key: key.id },
  mac: await signForAudit(key, removalText(seal, now)),
});

/** A seal is `unchecked` if the environment does not hold its key. */
export type Condition = "good" | "changed" | "unchecked";

const wordOf = (signed: boolean | undefined): Condition => {
  if (signed === undefined) return "unchecked";
  return signed ? "good" : "changed";
};

/** Whether a seal is as it was made. Of its rows this says nothing. */
export const conditionOf = async (keys: readonly Pepper[], seal: Seal): Promise<Condition> =>
  wordOf(await hasSigned(keys, seal, textOf(seal)));

/** Whether its rows were removed by somebody who holds a key. */
export const removalOf = async (keys: readonly Pepper[], seal: Seal): Promise<Condition> => {
  const { removed } = seal;
  if (removed === undefined) return "changed";
  return wordOf(await hasSigned(keys, removed, removalText(seal, removed.at)));
};

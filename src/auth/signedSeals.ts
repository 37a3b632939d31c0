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

/** What retention marks a seal with, for good or for a week. */
export type Mark = "removed" | "stays";

/** What is signed when a seal is marked. */
const markText = (mark: Mark, { mac }: Pick<Seal, "mac">, at: number): string =>
  `${mark}:${String(at)}:${mac}`;

export const signSeal = async (key: Pepper, seal: Omit<Made, "mac">): Promise<Made> => ({
  ...seal,
  mac: await signForAudit(key, textOf(seal)),
});

/** Makes a mark of a seal: its rows were removed, or they stay for now. */
export const signMark = async (mark: Mark, key: Pepper, seal: Seal, now: number) => ({
  ...{ at: now, key: key.id },
  mac: await signForAudit(key, markText(mark, seal, now)),
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

/** Whether a mark was made by somebody who holds a key. One that is not there was not. */
export const conditionOfMark = async (
  mark: Mark,
  keys: readonly Pepper[],
  seal: Seal,
): Promise<Condition> => {
  const made = seal[mark];
  if (made === undefined) return "changed";
  return wordOf(await hasSigned(keys, made, markText(mark, seal, made.at)));
};

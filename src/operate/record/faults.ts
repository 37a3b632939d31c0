/** What a check of the audit log found, for people. */
import { v, type Infer } from "convex/values";
import type { Mark } from "../../auth/signedSeals";
import { cut } from "../../base/text";
import type { Seal } from "../../data/seals";
import type { SealFault } from "./chain";
import type { RowFault } from "./compareRows";

/** The validator of `Fault`. */
export const faultValidator = () =>
  v.object({
    /**
     * Of rows: `changed`, `missing`, `moved`, `inserted`, `unread`. Of seals: `seal_changed`, `seal_unchecked`, `seal_inserted`, `seal_missing`,
     * `chain_broken`, `head_missing`, `sealed_late`, `mark_wrong`.
     */
    kind: v.string(),
    /** What and where, in a sentence. */
    place: v.string(),
    /** The number of the seal. A row that stands where no seal reaches has none. */
    seal: v.optional(v.number()),
    /** Of a row: its id, and when it was made, in ISO 8601. */
    row: v.optional(v.string()),
    at: v.optional(v.string()),
  });

/** One thing that is not as it was sealed. */
export type Fault = Infer<ReturnType<typeof faultValidator>>;

/** The latest time that a date can have (ECMA-262, 21.4.1.1). A row that somebody forged may say a later one. */
const LATEST_MS = 8.64e15;

/** Times in ms since 1970 as people and programs read them. Creation times have fractions, which are cut. */
export const iso = (ms: number): string =>
  Math.abs(ms) <= LATEST_MS ? new Date(ms).toISOString() : String(ms);

const stretchOf = ({ after, to }: Seal): string =>
  after === 0 ? `up to ${iso(to)}` : `from ${iso(after)} to ${iso(to)}`;

/** A fault of a row under a seal. */
export const rowFault = (seal: Seal, { kind, id, at, nowAt }: RowFault): Fault => {
  const { seq } = seal;
  const words = {
    changed: `is not as seal ${String(seq)} says`,
    missing: `is gone; seal ${String(seq)} names it`,
    moved: `now stands at ${iso(nowAt ?? at)}; seal ${String(seq)} says where it belongs`,
    unread: `and those after it that seal ${String(seq)} names are not compared: rows that stand there are larger than the log writes any`,
    inserted: `is not in seal ${String(seq)}, which names all rows ${stretchOf(seal)}`,
  };
  return { kind, place: `row ${id} of ${iso(at)} ${words[kind]}`, seal: seq, row: id, at: iso(at) };
};

/** The ids of the keys that it names. Those of keys have 32 characters at most, but somebody may have put in others. */
const keysOf = ({ key, removed }: Seal): string =>
  [...new Set([key, removed?.key ?? key])].map((id) => cut(id, 32)).join(" or ");

/** @param seal - the one at which the fault was found. */
export const sealFault = (seal: Seal, { kind, seal: seq, upTo = seq }: SealFault): Fault => {
  const one = `seal ${String(seq)}`;
  const which = upTo === seq ? one : `seals ${String(seq)} to ${String(upTo)}`;
  const unchecked = `its rows, ${stretchOf(seal)}, are not checked`;
  const words = {
    seal_changed: `${one} is not as it was made; ${unchecked}`,
    seal_unchecked: `${one} names a key that TOOLGATE_SEAL_KEYS and TOOLGATE_PEPPERS do not hold: ${keysOf(seal)}; ${unchecked}`,
    seal_inserted: `${one} is there once more`,
    seal_missing: `${which}: gone; rows before ${iso(seal.after)} are not checked`,
    chain_broken: `${one} does not follow the one before it`,
  };
  return { kind, place: words[kind], seal: seq };
};

/** A mark that nobody who holds a key has made, or that does not fit. */
export const markFault = ({ seq }: Seal, mark: Mark): Fault => {
  const says = mark === "removed" ? "were removed" : "stay for now";
  const place = `seal ${String(seq)} is marked as one whose rows ${says}, but no key of the environment made that mark, or they are there: retention passes the rows over`;
  return { kind: "mark_wrong", place, seal: seq };
};

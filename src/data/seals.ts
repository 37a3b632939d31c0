/** Reads the seals over the audit log, and the rows that have none yet. */
import type { Doc, GateReader } from "./database";

/** A seal, as its row. */
export type Seal = Doc<"toolgateSeals">;

/** What a seal says of its rows. */
export type SealedRows = Doc<"toolgateSealedRows">;

/**
 * How old a row is before it is sealed, counted or exported, in milliseconds. A row's creation time is when its transaction began, and rows
 * with earlier times may commit later; but none so much later. And what is written now is outside of what a sealing or a count reads, so
 * neither disturbs the other.
 */
export const SETTLED_MS = 120_000;

/** All seals by their numbers, the highest first; also what somebody has put in. */
export const newestFirst = (db: GateReader): AsyncIterable<Seal> =>
  db.query("toolgateSeals").withIndex("by_seq").order("desc");

/** What a seal says of its rows; null once they were removed. */
export const sealedRows = (db: GateReader, { _id }: Seal): Promise<SealedRows | null> =>
  db
    .query("toolgateSealedRows")
    .withIndex("by_seal", (q) => q.eq("seal", _id))
    .first();

/** The rows that wait for their seal, oldest first. */
export const unsealed = (db: GateReader, last: Pick<Seal, "to"> | null, now: number) =>
  db
    .query("toolgateAudit")
    .withIndex("by_creation_time", (q) =>
      q.gt("_creationTime", last?.to ?? 0).lt("_creationTime", now - SETTLED_MS),
    );

/** The seals that retention has not dealt with, by their numbers. */
export const unpruned = (db: GateReader): AsyncIterable<Seal> =>
  db
    .query("toolgateSeals")
    .withIndex("by_removedAt_staysAt_seq", (q) =>
      q.eq("removed.at", undefined).eq("stays.at", undefined),
    );

/** The seals whose rows stay, and at which retention last looked before a time. */
export const stayingSince = (db: GateReader, time: number): AsyncIterable<Seal> =>
  db
    .query("toolgateSeals")
    .withIndex("by_removedAt_staysAt_seq", (q) =>
      q.eq("removed.at", undefined).gt("stays.at", undefined).lt("stays.at", time),
    );

/** The seals that retention would only have looked at after a time. */
export const stayingFrom = (db: GateReader, time: number): AsyncIterable<Seal> =>
  db
    .query("toolgateSeals")
    .withIndex("by_removedAt_staysAt_seq", (q) =>
      q.eq("removed.at", undefined).gt("stays.at", time),
    );

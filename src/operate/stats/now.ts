/** What is going on now: jobs, streams, calls that wait for their approval, and keys that will soon expire. */
import { v, type Infer } from "convex/values";
import type { Doc, GateReader } from "../../data/database";
import { streamLimits } from "../../middleware/streamLimits";
import { countJobs, RUNNING } from "../readJobs";

/** The most rows that are read for each number. */
const MOST = 100;

/** A key that expires sooner is named, in ms. */
const SOON_MS = 14 * 24 * 60 * 60 * 1000;

/** The validator of `Now`. Each number stops at 100. */
export const nowValidator = v.object({
  jobs: v.object({ running: v.number() }),
  /** How many are open, and how many may be: the limit of the deployment. */
  streams: v.object({ open: v.number(), budget: v.number() }),
  /** How many wait, and since when the oldest does. */
  approvals: v.object({ waiting: v.number(), oldestAt: v.optional(v.string()) }),
  /** Keys that expire within 14 days, the first to expire first. Those that were rotated are left out, and those without a secret. */
  keysEnding: v.array(v.object({ keyId: v.string(), name: v.string(), expiresAt: v.string() })),
});

type Now = Infer<typeof nowValidator>;

const iso = (ms: number): string => new Date(ms).toISOString();

const inState = (db: GateReader, state: Doc<"toolgateJobs">["state"]) =>
  db.query("toolgateJobs").withIndex("by_state", (q) => q.eq("state", state));

const countRunning = async (db: GateReader): Promise<number> => {
  const counts = await Promise.all(RUNNING.map((state) => countJobs(inState(db, state), MOST)));
  return Math.min(
    MOST,
    counts.reduce((sum, one) => sum + one),
  );
};

const countStreams = async (db: GateReader, now: number): Promise<number> => {
  const open = await db
    .query("toolgateStreamLeases")
    .withIndex("by_expiresAt", (q) => q.gt("expiresAt", now))
    .take(MOST);
  return open.length;
};

const readWaiting = async (db: GateReader): Promise<Now["approvals"]> => {
  const waiting = await countJobs(inState(db, "awaiting_approval"), MOST);
  const oldest = await inState(db, "awaiting_approval").first();
  return { waiting, ...(oldest && { oldestAt: iso(oldest.createdAt) }) };
};

const readEnding = async (db: GateReader, now: number): Promise<Now["keysEnding"]> => {
  const keys = await db
    .query("toolgateKeys")
    .withIndex("by_revokedAt_expiresAt", (q) =>
      q
        .eq("revokedAt", undefined)
        .gt("expiresAt", now)
        .lt("expiresAt", now + SOON_MS),
    )
    .take(MOST);
  return keys
    .filter(({ hash, replacedBy }) => hash !== undefined && replacedBy === undefined)
    .map(({ keyId, name, expiresAt }) => ({ keyId, name, expiresAt: iso(expiresAt) }));
};

/** Reads what is going on. */
export const readNow = async (db: GateReader, now: number): Promise<Now> => ({
  jobs: { running: await countRunning(db) },
  streams: { open: await countStreams(db, now), budget: streamLimits({}).perDeployment },
  approvals: await readWaiting(db),
  keysEnding: await readEnding(db, now),
});

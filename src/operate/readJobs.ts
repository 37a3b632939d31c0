/** Reads jobs of several states as one list. */
import type { Doc, GateReader } from "../data/database";
import type { FinalState, JobState } from "../data/values";
import { refuse } from "../base/refuse";
import { requireLimit, type PageRequest } from "./page";

type Job = Doc<"toolgateJobs">;

/** The states of a job that goes on. A call that waits for its approval is none yet. */
export const RUNNING = ["queued", "working", "input_required"] as const satisfies JobState[];

/** The states of a job that has ended. */
export const ENDED = [
  "succeeded",
  "failed",
  "cancelled",
  "unknown",
  "denied",
  "expired",
] as const satisfies FinalState[];

/**
 * The most characters of jobs that are read at once. A row has up to 1 MiB of arguments and result, and a transaction reads up to 16 MiB.
 */
const MAX_CHARS = 2 * 1024 * 1024;

const charsOf = ({ arguments: args = "", checkpoint = "", result = "", input }: Job): number =>
  args.length +
  checkpoint.length +
  result.length +
  (input?.answers.length ?? 0) +
  (input?.requests?.length ?? 0);

/** The most characters of rows that are only counted. Several states are counted at once. */
const MAX_COUNTED = 256 * 1024;

/** Counts the rows that match among the first `most`. If rows are very long, it stops sooner. */
export const countJobs = async (
  rows: AsyncIterable<Job>,
  most: number,
  matches: (job: Job) => boolean = () => true,
): Promise<number> => {
  let [read, chars, count] = [0, 0, 0];
  for await (const row of rows) {
    if (matches(row)) count++;
    chars += charsOf(row);
    if (++read === most || chars > MAX_COUNTED) break;
  }
  return count;
};

const inState = (
  db: GateReader,
  state: JobState,
  { tenant, before }: { readonly tenant: string | undefined; readonly before: number },
): AsyncIterator<Job> => {
  const jobs = db.query("toolgateJobs");
  const range =
    tenant === undefined
      ? jobs.withIndex("by_state", (q) => q.eq("state", state).lt("_creationTime", before))
      : jobs.withIndex("by_tenant_state", (q) =>
          q.eq("tenant", tenant).eq("state", state).lt("_creationTime", before),
        );
  return range.order("desc")[Symbol.asyncIterator]();
};

/** Merges lists of which each is newest first. It reads one row of each ahead. */
async function* newestFirst(lists: readonly AsyncIterator<Job>[]): AsyncGenerator<Job> {
  const heads = await Promise.all(lists.map(async (list) => ({ list, head: await list.next() })));
  try {
    for (;;) {
      const live = heads.filter(({ head }) => head.done !== true);
      live.sort((a, b) => timeOf(b.head) - timeOf(a.head));
      const [newest] = live;
      if (newest === undefined) return;
      yield newest.head.value as Job;
      newest.head = await newest.list.next();
    }
  } finally {
    for (const { list } of heads) await list.return?.();
  }
}

const timeOf = ({ value }: IteratorResult<Job>): number => (value as Job)._creationTime;

/** A cursor is the creation time of the last row: a page ends only where the next row is older. */
const timeIn = (cursor: string): number => {
  const time = Number(cursor);
  return /^\d[\d.]*$/.test(cursor) && Number.isFinite(time)
    ? time
    : refuse("bad_cursor", "cursor: expected nextCursor of the page before");
};

/**
 * Reads a page of jobs, newest first. It is shorter than its limit if its rows are very long, and longer by the rows that were created
 * in the same moment as its last.
 *
 * @param tenant - all unless given.
 * @throws ConvexError as `readPage` does.
 */
export const readJobs = async (
  db: GateReader,
  states: readonly JobState[],
  { tenant, limit, cursor }: PageRequest & { readonly tenant?: string },
): Promise<{ rows: Job[]; nextCursor: string | null }> => {
  const most = requireLimit(limit);
  const before = cursor === undefined ? Infinity : timeIn(cursor);
  const rows: Job[] = [];
  let chars = 0;
  for await (const row of newestFirst(states.map((one) => inState(db, one, { tenant, before })))) {
    const last = rows.at(-1);
    const isFull = rows.length >= most || chars > MAX_CHARS;
    if (last !== undefined && isFull && row._creationTime < last._creationTime)
      return { rows, nextCursor: String(last._creationTime) };
    rows.push(row);
    chars += charsOf(row);
  }
  return { rows, nextCursor: null };
};

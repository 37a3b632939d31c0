/** 20 streams of three minutes at once: how long they are ever silent, how they end, and what they keep in memory. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { issueKey, rows } from "../../support/gate";
import { newApp, serve } from "../../support/longApp";
import { open, progressOf, responseOf, type Heard, type Speech } from "../../support/streamClient";
import { sessionOf } from "../../support/session";

const STREAMS = 20;
const MINUTES = 3;
const MAX_GAP_MS = 15_500;

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The heap after a collection, in MiB. */
const heap = async (): Promise<number> => {
  gc();
  await pause(100);
  gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** Half of the jobs say nothing at all; the others say something every 20 s. */
const play = async (job: { progress: (done: number) => Promise<void> }, label: string) => {
  const until = Date.now() + MINUTES * 60_000;
  for (let step = 1; Date.now() < until; step++) {
    await pause(Math.min(20_000, Math.max(0, until - Date.now())));
    if (Number(label) % 2 === 0) await job.progress(step);
  }
  return { label };
};

const gapsOf = ({ times }: Heard) => times.slice(1).map((time, i) => time - times[i]!);

test(`${STREAMS} streams of ${MINUTES} minutes`, async () => {
  const t = await newApp(play);
  // No tenant may hold more than 12 streams.
  const keys = await Promise.all(
    Array.from({ length: STREAMS / 4 }, (_, at) =>
      issueKey(t, { tenant: at % 2 === 0 ? "acme" : "globex" }),
    ),
  );
  const { url, close } = await serve(t);
  try {
    const headers = await sessionOf(url, keys[0]!.key, "claude-code");
    const before = performance.now();
    const streams = await Promise.all(
      Array.from({ length: STREAMS }, (_, id) => {
        // Any other client is answered after 50 s. A third of them are modern.
        const speech: Speech = {
          progressToken: `token ${id}`,
          ...(id % 3 === 0 ? { era: "modern", client: "claude-code" } : { headers }),
        };
        const { key } = keys[id % keys.length]!;
        return open(url, key, "slow", { label: String(id) }, { ...speech, id });
      }),
    );
    expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
    const heaps: number[] = [];
    await pause(15_000);
    for (let at = 15; at <= MINUTES * 60 - 40; at += 30) {
      heaps.push(await heap());
      await pause(30_000);
    }
    await Promise.all(streams.map(({ ended }) => ended));
    const seconds = (performance.now() - before) / 1000;
    const after = await heap();
    const gaps = streams.flatMap(gapsOf);
    console.info(
      `${STREAMS} streams of ${seconds.toFixed(1)} s: longest gap ${Math.max(...gaps).toFixed(0)} ms, ` +
        `heap ${heaps.map((mib) => mib.toFixed(1)).join(", ")} and after them ${after.toFixed(1)} MiB, ` +
        `comments ${streams[0]!.comments.length}, progress ${progressOf(streams[1]!).length}`,
    );
    expect(Math.max(...gaps)).toBeLessThanOrEqual(MAX_GAP_MS);
    for (const [id, heard] of streams.entries()) {
      expect(responseOf(heard)).toMatchObject({
        ...{ id, result: { structuredContent: { label: String(id) } } },
      });
      const counts = progressOf(heard).map(({ progress }) => progress as number);
      expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
      // With a token, a notification is never longer in coming than the keep-alive.
      expect(counts.length).toBeGreaterThanOrEqual((MINUTES * 60) / 15 - 1);
      expect(heard.comments.length).toBeGreaterThanOrEqual((MINUTES * 60) / 15 - 1);
    }
    // A stream that grows would hold it to its end. What stays after all have ended is convex-test's own, which forgets no query.
    expect(heaps.at(-1)! - after).toBeLessThan(1);
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  } finally {
    await close();
  }
});

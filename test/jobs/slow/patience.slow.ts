/** Over real sockets and in real time: clients that give up after 60 s get the result of a job of 100 s by what they are told. */
import { expect, test } from "vitest";
import { issueKey, rows } from "../../support/gate";
import { newApp, serve } from "../../support/longApp";
import { obey } from "../../support/obedient";
import type { Speech } from "../../support/streamClient";
import { sessionOf } from "../../support/session";

const SECONDS = 100;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test(`a job of ${SECONDS} s`, async () => {
  const t = await newApp(async (job, label) => {
    for (let done = 1; done <= SECONDS / 5; done++) {
      await pause(5_000);
      await job.progress(done, SECONDS / 5);
    }
    return { label };
  });
  const { key } = await issueKey(t);
  const { url, close } = await serve(t);
  const speeches: [string, number, Speech][] = [
    ["2026, progress", 3, { era: "modern", client: "ClaudeAI", progressToken: 1 }],
    ["2026, JSON", 3, { era: "modern", accept: "application/json" }],
    ["2025, no progress", 3, { headers: await sessionOf(url, key, "some-sdk") }],
    ["2026, Claude Code", 1, { era: "modern", client: "claude-code", progressToken: 1 }],
  ];
  try {
    const obeyed = speeches.map(async ([label, most, speech], at) => {
      const givesUpAfterMs = label.includes("Claude Code") ? 300_000 : 60_000;
      const reads = at % 2 === 0 ? "text" : "structured";
      const client = { target: url, key, givesUpAfterMs, reads, speech } as const;
      const { last, requests } = await obey(client, "slow", { label });
      expect([label, requests]).toEqual([label, most]);
      return [label, most === 1 ? last.structuredContent : last.structuredContent!.result];
    });
    const told = await Promise.all(obeyed);
    expect(told).toEqual(speeches.map(([label]) => [label, { label }]));
    const jobs = await rows(t, "toolgateJobs");
    expect(jobs.map(({ state }) => state)).toEqual(speeches.map(() => "succeeded"));
    expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
  } finally {
    await close();
  }
});

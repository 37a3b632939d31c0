/**
 * Long calls survive their client: whenever it gives up, the model has been told before how to get the result.
 *
 * @spec MCP 2026-07-28 basic/patterns/cancellation
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import { issueKey, rows, type Backend } from "../../support/gate";
import { newApp, type Script } from "../../support/longApp";
import { obey, type Client } from "../../support/obedient";
import { until, type Speech } from "../../support/streamClient";
import { sessionOf } from "../../support/session";
import { holdTime, passUntil, sleep, timed } from "./moved";

afterEach(() => {
  vi.useRealTimers();
});

/** Six minutes, of which it tells every half a minute. */
const sixMinutes: Script = async (job, label) => {
  for (let step = 1; step <= 12; step++) {
    await sleep(30);
    await job.progress(step, 12);
  }
  return { label };
};

/** How a client of each era speaks that gives itself this name. */
const speechOf = async (
  t: Backend,
  key: string,
  era: "legacy" | "modern",
  client: string,
): Promise<Speech> =>
  era === "modern" ? { era, client } : { headers: await sessionOf(t, key, client) };

const MINUTE = 60_000;

const clients: [string, string, number, Client["reads"], Speech][] = [
  [
    "one that gives up after 60 s, progress or not",
    "ClaudeAI",
    MINUTE,
    "text",
    { progressToken: 1 },
  ],
  ["one that takes no stream", "fetch", MINUTE, "structured", { accept: "application/json" }],
  ["one that gives up after 300 s", "claude-code", 5 * MINUTE, "structured", { progressToken: 1 }],
];

test("a job of six minutes reaches every client by what it is told, in both eras", async () => {
  holdTime();
  const t = await newApp(sixMinutes);
  const eras = ["legacy", "modern"] as const;
  const cases = eras.flatMap((era) => clients.map((one) => [era, ...one] as const));
  const obeyed = cases.map(async ([era, what, name, givesUpAfterMs, reads, wanted], id) => {
    const { key } = await issueKey(t, { subject: `client ${id}` });
    const speech = { ...(await speechOf(t, key, era, name)) };
    const headers = { ...speech.headers, ...wanted.headers };
    const client = {
      target: t,
      key,
      givesUpAfterMs,
      reads,
      speech: { ...speech, ...wanted, headers },
    };
    const label = `${era}: ${what}`;
    return { label, ...(await obey(client, "slow", { label })) };
  });
  for (const { label, last, requests } of await passUntil(Promise.all(obeyed), 420)) {
    expect([label, last.structuredContent]).toMatchObject([
      label,
      { state: "succeeded", result: { label } },
    ]);
    // Who counts progress as life is answered after 280 s, everybody else after 50 s; each wait takes 40 s at most.
    const first = label.includes("300 s") ? 280 : 50;
    const least = 1 + Math.ceil((360 - first) / 40);
    expect([label, least <= requests && requests <= least + 1]).toEqual([label, true]);
  }
  const jobs = await rows(t, "toolgateJobs");
  expect(jobs.map(({ state }) => state)).toEqual(cases.map(() => "succeeded"));
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

describe("when a call is answered at the latest", () => {
  const cases: [string, number, (t: Backend, key: string) => Promise<Speech>][] = [
    [
      "modern claude-code",
      280,
      async () => ({ era: "modern", client: "claude-code", progressToken: 0 }),
    ],
    [
      "legacy claude-code",
      280,
      async (t, key) => ({ headers: await sessionOf(t, key, "claude-code"), progressToken: "x" }),
    ],
    ["claude-code without its session", 50, async () => ({ progressToken: 1 })],
    [
      "an unknown session",
      50,
      async () => ({ headers: { "mcp-session-id": "claude-code" }, progressToken: 1 }),
    ],
    [
      "claude-code as JSON",
      50,
      async () => ({
        era: "modern",
        client: "claude-code",
        progressToken: 1,
        accept: "application/json",
      }),
    ],
    ["claude-code without a token", 50, async () => ({ era: "modern", client: "claude-code" })],
    [
      "a name that is like it",
      50,
      async () => ({ era: "modern", client: "Claude-Code 2", progressToken: 1 }),
    ],
    ["no name", 50, async () => ({ era: "modern", progressToken: 1 })],
    [
      "another client's session",
      50,
      async (t, key) => ({ headers: await sessionOf(t, key, "constructor"), progressToken: 1 }),
    ],
  ];

  /** The time that the lease of a call states, in seconds from its start. */
  const statedBy = async (
    t: Backend,
    name: string,
    speechFor: (key: string) => Promise<Speech>,
  ) => {
    const { key } = await issueKey(t);
    const speech = await speechFor(key);
    const before = Date.now();
    const answer = timed(t, key, name, {}, speech);
    await until(async () => (await rows(t, "toolgateStreamLeases")).length === 1);
    const [lease] = await rows(t, "toolgateStreamLeases");
    await answer;
    return (lease!.endsAt - before) / 1000;
  };

  test.each(cases)("%s: %i s", async (_what, after, speechFor) => {
    const t = await newApp(() => sleep(0.1));
    expect(await statedBy(t, "slow", (key) => speechFor(t, key))).toBeCloseTo(after, 0);
  });

  test.each([
    ["slow", 7, 7],
    ["slow", 1_700, 50],
    ["brief", 7, 0.5],
  ])("%s, in an app with streams of %i s: %i s", async (name, streamSeconds, after) => {
    const t = await newApp(() => sleep(0.1), { streamSeconds });
    expect(await statedBy(t, name, async () => ({}))).toBeCloseTo(after, 0);
  });
});

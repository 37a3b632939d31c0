/** What a client without tasks is answered in both eras: at once, what the call waits for and what to do. */
import { describe, expect, test } from "vitest";
import { issueKey, rows } from "../../support/gate";
import {
  call as callAs,
  open,
  progressOf,
  responseOf,
  type Speech,
} from "../../support/streamClient";
import { shop } from "../freshShop";
import { bought, newest } from "../setup";
import { argsOf, goods } from "./newest";

/** What a client without tasks reads of a held call. */
const textOf = (jobId: string, until: number, reason: string) =>
  `Waiting for a person to approve: ${reason}. Nothing has been done yet. It expires ${new Date(until).toISOString()}. Do not call it again and do not look for another way. Tell the user; later call jobs_get with {"jobId":"${jobId}"}.`;

const eras: [string, Speech][] = [
  ["2025-11-25", { headers: { "mcp-protocol-version": "2025-11-25" } }],
  ["2026-07-28", { era: "modern" }],
];

describe.each(eras)("without tasks, %s", (_name, speech) => {
  test.each(["buy", "always", "slow", "look"])(
    "%s is answered at once: no error, what it waits for, and what to do",
    async (name) => {
      const { t, key } = shop;
      const result = await callAs(t, key, name, argsOf(name), speech);
      const { jobId, approval } = await newest(t);
      const { reason, until } = approval!;
      const next = textOf(jobId, until, reason);
      expect(result.content).toEqual([{ type: "text", text: next }]);
      expect(result.structuredContent).toEqual({ jobId, state: "awaiting_approval", next });
      expect(result.isError).toBeUndefined();
      expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
    },
  );

  test.each(["buy", "slow"])("%s with a progress token is told on a stream first", async (name) => {
    const { t, key } = shop;
    const heard = await open(t, key, name, goods, { ...speech, progressToken: "tok" });
    await heard.ended;
    const { jobId, approval } = await newest(t);
    const { reason, until } = approval!;
    const said = `Waiting for a person to approve: ${reason}. Nothing has been done yet. It expires ${new Date(until).toISOString()}.`;
    expect(progressOf(heard)).toEqual([{ progressToken: "tok", progress: 0, message: said }]);
    expect(responseOf(heard).result?.structuredContent).toMatchObject({ jobId });
  });

  test("the same call again is told the same, and names the first", async () => {
    const { t, key } = shop;
    const first = await callAs(t, key, "buy", goods, speech);
    const second = await callAs(t, key, "buy", goods, speech);
    expect(second.structuredContent).toEqual(first.structuredContent);
    expect(second._meta?.["toolgate/original"]).toBe(first._meta?.["toolgate/operation"]);
  });

  test("a caller without jobs_get is told another way to learn what became of it", async () => {
    const { t } = shop;
    const { key } = await issueKey(t, { subject: "narrow", tools: ["buy"] });
    const ways = [
      [{}, "later read the data to see whether it was done."],
      [
        { idempotencyKey: "the-same-key" },
        "only with the same idempotencyKey, call it again to learn what became of it.",
      ],
    ] as const;
    for (const [more, way] of ways) {
      const result = await callAs(t, key, "buy", { ...goods, ...more }, speech);
      expect(result.content[0]?.text).toContain(way);
      expect(result.content[0]?.text.includes("Do not call it again")).toBe(
        !("idempotencyKey" in more),
      );
    }
  });
});

test("with a batch, each call is answered as if it were alone", async () => {
  const { t, key } = shop;
  const batch = [1, 2].map((id) => ({
    ...{ jsonrpc: "2.0", id, method: "tools/call" },
    params: { name: "buy", arguments: { thing: "desk", count: id * 9 } },
  }));
  const response = await t.fetch("/mcp", {
    method: "POST",
    headers: {
      ...{ authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...{ accept: "application/json", "mcp-protocol-version": "2025-03-26" },
    },
    body: JSON.stringify(batch),
  });
  const answers = (await response.json()) as { result: { structuredContent: object } }[];
  expect(answers.map(({ result }) => result.structuredContent)).toEqual([
    { paid: 90 },
    expect.objectContaining({ state: "awaiting_approval" }),
  ]);
  expect(await bought(t)).toEqual(["desk: 9 at 10"]);
});

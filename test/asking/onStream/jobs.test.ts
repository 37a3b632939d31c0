/**
 * A job that tells and asks, for a client of the 2025 revisions: each report comes once, however often the job asks, and the user has time.
 *
 * @spec MCP 2025-11-25 client/elicitation
 * @spec MCP 2025-11-25 server/utilities/logging
 */
import { expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { internalAction } from "../../../convex/_generated/server";
import { inputHandle } from "../../../src/asking/handle";
import { inputValidator, jobValidator } from "../../../src/data/arguments";
import { jobHandle } from "../../../src/jobs/handle";
import { tool } from "../../../src/registry/tools";
import { newApp } from "../../support/app";
import { accept, ALL, form } from "../../support/askingApp";
import { issueKey, post, rows, rpc } from "../../support/gate";
import { ref, writes } from "../../support/statedApp";
import { open, responseOf, type Heard } from "../../support/streamClient";
import { question, within } from "./setup";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

const line = { ...writes, ...({ input: true, job: true } as object) };

/** Numbers the runs of the tool. */
let runs = 0;

const functions = {
  tells: internalAction({
    args: { input: inputValidator(), job: jobValidator() },
    handler: async (ctx, { input, job }) => {
      await jobHandle(ctx, job).log("info", `run ${String(++runs)}`);
      const { ask } = inputHandle(input);
      const { first } = await ask({ first: form("First?", "a") });
      const { second } = await ask({ second: form("Second?", "b") });
      return [first, second];
    },
  }),
};

const logsIn = ({ messages }: Heard): unknown[] =>
  messages
    .filter(({ method }) => method === "notifications/message")
    .map(({ params }) => params?.data);

const newHeard = async () => {
  const tools = { tells: () => tool.action(ref<"action">("tells"), line) };
  const t = newApp({ registry: { tools }, functions: { probe: functions } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  const { key } = await issueKey(t);
  const { headers } = await rpc(t, key, "initialize", {
    ...{ protocolVersion: "2025-11-25", capabilities: ALL },
    clientInfo: { name: "test", version: "1" },
  });
  const session = headers.get("mcp-session-id") ?? "";
  const heard = await open(t, key, "tells", {}, within(session));
  const answer = async (at: number, content: object) => {
    const { id } = await question(heard, at);
    await post(t, key, { jsonrpc: "2.0", id, result: accept(content) });
  };
  return { t, heard, answer };
};

test("a job that asks twice tells each report once", async () => {
  runs = 0;
  const { heard, answer } = await newHeard();
  await answer(0, { a: "x" });
  await answer(1, { b: "y" });
  expect(responseOf(await heard.ended).result).not.toHaveProperty("isError");
  expect(logsIn(heard)).toEqual(["run 1", "run 2", "run 3"]);
});

test("a user may take two minutes for each answer: the result comes on the stream, and no call counts as slow", async () => {
  const { t, heard, answer } = await newHeard();
  for (const [at, content] of [{ a: "x" }, { b: "y" }].entries()) {
    await question(heard, at);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
    await answer(at, content);
  }
  expect(responseOf(await heard.ended).result?.structuredContent).toEqual({
    result: [accept({ a: "x" }), accept({ b: "y" })],
  });
  for (const { waitedMs = 0 } of await rows(t, "toolgateAudit"))
    expect(waitedMs).toBeLessThan(60_000);
});

/**
 * A job that tells and asks, for a client of the 2025 revisions: each report comes once, however often the job asks.
 *
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
import { issueKey, post, rpc } from "../../support/gate";
import { ref, writes } from "../../support/statedApp";
import { open, responseOf, type Heard, type Message } from "../../support/streamClient";
import { within } from "./setup";

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

test("a job that asks twice tells each report once", async () => {
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
  const question = (at: number): Promise<Message> =>
    vi.waitFor(
      () => {
        const asked = heard.messages.filter(({ method, id }) => method && id !== undefined)[at];
        expect(asked).toBeDefined();
        return asked!;
      },
      { timeout: 5_000, interval: 10 },
    );
  for (const at of [0, 1]) {
    const { id } = await question(at);
    await post(t, key, { jsonrpc: "2.0", id, result: accept({ [at === 0 ? "a" : "b"]: "x" }) });
  }
  expect(responseOf(await heard.ended).result).not.toHaveProperty("isError");
  expect(logsIn(heard)).toEqual(["run 1", "run 2", "run 3"]);
});

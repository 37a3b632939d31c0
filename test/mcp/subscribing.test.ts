/**
 * How listening is announced, and what stands in its place before 2026-07-28.
 *
 * @spec MCP 2026-07-28 basic/patterns/subscriptions
 */
import { expect, test } from "vitest";
import { ask, reply, responseOf } from "../support/streamClient";
import { issueKey } from "../support/gate";
import { newDemo } from "../support/demoApp";

const { t } = await newDemo();
const issued = await issueKey(t);

test("is announced, and unknown to the revisions before", async () => {
  const { result } = await reply(t, issued.key, "server/discover", {}, { era: "modern" });
  expect(result!.capabilities).toMatchObject({
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
  });
  const init = await reply(t, issued.key, "initialize", { protocolVersion: "2025-11-25" });
  expect(init.result!.capabilities).toMatchObject({ tools: {}, prompts: {}, resources: {} });
  expect(JSON.stringify(init)).not.toMatch(/listChanged|"subscribe"/);
  const legacy = await reply(t, issued.key, "subscriptions/listen", { notifications: {} });
  expect(legacy.error?.code).toBe(-32601);
});

test.each(["resources/subscribe", "resources/unsubscribe"])(
  "%s is accepted before 2026 for what the caller may read",
  async (method) => {
    const viewer = await issueKey(t, { tools: ["products_get"] });
    const uri = "erp://overview";
    expect((await reply(t, issued.key, method, { uri })).result).toEqual({});
    const gone = { code: -32002, data: { uri } };
    expect((await reply(t, viewer.key, method, { uri })).error).toMatchObject(gone);
    expect((await reply(t, issued.key, method, {})).error?.code).toBe(-32602);
    const modern = await ask(t, issued.key, method, { uri }, { era: "modern" });
    expect([modern.status, responseOf(await modern.ended).error?.code]).toEqual([404, -32601]);
  },
);

/** An app's own guard may put members of its own into the principal. No function, row or open request gets them. */
import { describe, expect, test, vi } from "vitest";
import { chain as erpChain } from "../../convex/toolgate/chain";
import type { Identity } from "../../src/data/principal";
import type { Guard } from "../../src/middleware/guard";
import { decide } from "../approvals/decisions";
import { bought, call, held, log, newShop } from "../approvals/setup";
import { accept, founded, modern, newAsking } from "../support/askingApp";
import { issueKey, post, rows, rpc } from "../support/gate";
import { newApp, newGate, theJob } from "../support/longApp";
import * as client from "../support/streamClient";

/** It knows more of a caller than the identity. */
const badge: Guard<object, { principal: Identity }> = {
  decide: (_tx, { principal }, next) =>
    next({ principal: { ...principal, operation: "none", badge: 7 } as Identity }),
};

const chain = [...erpChain, badge] as unknown as typeof erpChain;

describe("in an app with such a guard", () => {
  test("a query and a mutation run, and a repeated call gets what the first got", async () => {
    const shop = await newShop({ chain });
    const seen = { structuredContent: { price: 10, role: "admin" } };
    expect(await call(shop, "read", { count: undefined })).toMatchObject(seen);
    const once = { idempotencyKey: "only-once" };
    const paid = { structuredContent: { paid: 200 } };
    expect(await call(shop, "plain", once)).toMatchObject(paid);
    expect(await call(shop, "plain", once)).toMatchObject(paid);
    expect(await bought(shop.t)).toEqual(["desk: 20 at 10"]);
  });

  test("a call that is refused later than by the guard is refused, and recorded", async () => {
    const { t, key } = await newShop({ chain });
    vi.stubEnv("TOOLGATE_STOP", "writes");
    const { status } = await rpc(t, key, "tools/call", { name: "plain", arguments: {} });
    vi.unstubAllEnvs();
    expect([status, await log(t)]).toEqual([200, ["tools/call denied stopped"]]);
  });

  test("what somebody approves runs", async () => {
    const shop = await newShop({ chain });
    for (const name of ["always", "slow"]) {
      const { jobId } = await held(shop, name);
      expect(await decide(shop.t, jobId, "approve")).not.toHaveProperty("failure");
    }
    await client.until(() => shop.script.acted.length > 0);
    expect([await bought(shop.t), shop.script.acted]).toEqual([["desk: 20 at 10"], ["desk"]]);
  });

  test.each(["application/json", "application/json, text/event-stream"])(
    "a client that takes %s waits for the result of an action",
    async (accepts) => {
      const t = await newApp(async () => ({ made: 1 }), { chain });
      const { key } = await issueKey(t);
      const speech = { accept: accepts, progressToken: 1 };
      expect(await client.call(t, key, "slow", {}, speech)).toMatchObject({
        structuredContent: { made: 1 },
      });
    },
  );

  test("a task and a job are looked at and cancelled", async () => {
    const gate = newGate();
    const t = await newApp(() => gate.opened, { chain });
    const { key } = await issueKey(t);
    const taskId = await client.start(t, key);
    const get = () => client.reply(t, key, "tasks/get", { taskId }, client.asTask);
    expect((await get()).result).toMatchObject({ taskId, status: "working" });
    const ofJob = (name: string) => client.call(t, key, name, { jobId: taskId });
    expect(await ofJob("jobs_get")).toMatchObject({ structuredContent: { state: "working" } });
    const cancelled = await client.reply(t, key, "tasks/cancel", { taskId }, client.asTask);
    expect(cancelled).not.toHaveProperty("error");
    expect(await theJob(t)).toMatchObject({ cancelRequested: true });
    gate.open();
    await t.finishInProgressScheduledFunctions();
  });

  test("a stream listens until its time is up", async () => {
    const t = await newApp(async () => null, { chain, streamSeconds: 2 });
    const { key } = await issueKey(t);
    const asked = { notifications: { toolsListChanged: true } };
    const heard = await client.ask(t, key, "subscriptions/listen", asked, { era: "modern" });
    await client.until(() => heard.messages.length > 0);
    expect(heard.messages[0]?.params).toMatchObject(asked);
    expect(client.responseOf(await heard.ended)).toHaveProperty("result");
  });

  test.each<[string, string, Record<string, unknown>, string, string]>([
    ["a mutation", "tools/call", { name: "found", arguments: { slug: "new" } }, "named", "name"],
    ["a prompt", "prompts/get", { name: "ask" }, "context", "text"],
    ["a resource", "resources/read", { uri: "ask://me" }, "who", "name"],
  ])("%s asks in its result, and gets the answer", async (_what, method, params, id, field) => {
    const { t, keys } = await newAsking({ chain });
    const asked = (await modern(t, keys.ann, method, params)).json.result;
    expect(asked).toMatchObject({ resultType: "input_required" });
    const inputResponses = { [id]: accept({ [field]: "Ada" }) };
    const more = { ...params, inputResponses, requestState: asked?.requestState };
    expect((await modern(t, keys.ann, method, more)).text).toContain("Ada");
  });

  test("a mutation asks on its stream, and gets the answer", async () => {
    const { t, keys } = await newAsking({ chain });
    const { headers } = await rpc(t, keys.ann, "initialize", {
      ...{ protocolVersion: "2025-11-25", capabilities: { elicitation: {} } },
      clientInfo: { name: "test", version: "1" },
    });
    const sessionId = headers.get("mcp-session-id") ?? "";
    const session = { "mcp-session-id": sessionId, "mcp-protocol-version": "2025-11-25" };
    const heard = await client.open(t, keys.ann, "found", { slug: "new" }, { headers: session });
    await client.until(() => heard.messages.some(({ method, id }) => method && id !== undefined));
    const { id } = heard.messages.find(({ method, id }) => method && id !== undefined)!;
    await post(t, keys.ann, { jsonrpc: "2.0", id, result: accept({ name: "Ada" }) });
    await heard.ended;
    expect([await founded(t), await rows(t, "toolgateStreamLeases")]).toEqual([["new: Ada"], []]);
  });
});

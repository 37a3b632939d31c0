/** A person leaves, or may not act for now: nothing works for their agents any more, and everything for all others. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { v } from "convex/values";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalQuery } from "../../convex/_generated/server";
import { endAccess } from "../../src/entry/connections";
import { newApp } from "../support/app";
import { connectAgent, refresh } from "../support/connect";
import { callTool, issueKey, newServer, rows, rpc, type Backend } from "../support/gate";
import { ask, until } from "../support/streamClient";

const CUSTOMER = { name: "Ada", email: "ada@example.com" };

const status = async (t: Backend, key: string) => (await rpc(t, key, "tools/list")).status;

describe("endAccess", () => {
  let t: Backend;
  beforeEach(async () => {
    vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
    t = await newServer({ t: newApp({ connect: {} }) });
  });

  test("ends all keys and connections of the person, in all tenants, and no other's", async () => {
    const ada = await issueKey(t, { subject: "ada" });
    const elsewhere = await issueKey(t, { subject: "ada", tenant: "globex" });
    const bob = await issueKey(t, { subject: "bob" });
    const agent = await connectAgent(t, ada.key);
    const ended = await t.mutation(internal.toolgate.admin.endAccess, {
      ...{ subject: "ada", reason: "left" },
    });
    expect(ended).toEqual({
      ...{ keys: expect.arrayContaining([ada.keyId, elsewhere.keyId]) as string[] },
      ...{ connections: 1, hasMore: false },
    });
    for (const key of [ada.key, elsewhere.key, agent.tokens.access_token])
      expect(await status(t, key)).toBe(401);
    expect((await refresh(t, agent, agent.tokens.refresh_token)).status).toBe(400);
    expect(await status(t, bob.key)).toBe(200);
    const audited = (await rows(t, "toolgateAudit")).filter(({ method }) => method === "keys/end");
    expect(audited.map(({ keyId }) => keyId).sort()).toEqual([ada.keyId, elsewhere.keyId].sort());
    expect(audited[0]).toMatchObject({ protocol: "operator", outcome: "succeeded" });
  });

  test("ends them in one tenant only, if told so", async () => {
    const ada = await issueKey(t, { subject: "ada" });
    const elsewhere = await issueKey(t, { subject: "ada", tenant: "globex" });
    await t.mutation(internal.toolgate.admin.endAccess, { subject: "ada", tenant: "acme" });
    expect([await status(t, ada.key), await status(t, elsewhere.key)]).toEqual([401, 200]);
  });

  test("ends more keys than one transaction takes, part by part", async () => {
    const { key, keyId } = await issueKey(t, { subject: "ada" });
    const [row] = (await rows(t, "toolgateKeys")).filter((one) => one.keyId === keyId);
    const { _id, _creationTime, ...fields } = row!;
    await t.run(async (ctx) => {
      for (let n = 0; n < 120; n++)
        await ctx.db.insert("toolgateKeys", { ...fields, keyId: `other${String(n)}` });
    });
    const part = () => t.mutation(internal.toolgate.admin.endAccess, { subject: "ada" });
    const parts = [await part(), await part(), await part()];
    expect(parts.map(({ keys, hasMore }) => [keys.length, hasMore])).toEqual([
      [100, true],
      [21, false],
      [0, false],
    ]);
    expect(await status(t, key)).toBe(401);
  });

  test("is for a mutation of the app too, with its own changes", async () => {
    const { key } = await issueKey(t, { subject: "ada" });
    await t.run((ctx) => endAccess(ctx as never, { subject: "ada" }));
    expect(await status(t, key)).toBe(401);
  });

  test.each([
    [{ subject: "" }, "subject"],
    [{ subject: "ada", reason: "" }, "reason"],
  ])("refuses %j", async (args, named) => {
    await expect(t.mutation(internal.toolgate.admin.endAccess, args)).rejects.toThrow(named);
  });

  test("a stream of the person ends", async () => {
    const { key } = await issueKey(t, { subject: "ada" });
    const params = { notifications: { toolsListChanged: true } };
    const heard = await ask(t, key, "subscriptions/listen", params, { era: "modern", id: 1 });
    await until(() => heard.messages.length > 0);
    await t.mutation(internal.toolgate.admin.endAccess, { subject: "ada" });
    await heard.ended;
    expect(heard.messages.at(-1)?.error).toMatchObject({ code: 401 });
  });
});

describe("subjects.mayAct", () => {
  let asked: unknown[];
  let answer: () => boolean;
  let t: Backend;

  const mayAct = makeFunctionReference<"query">("probe:mayAct") as unknown as FunctionReference<
    "query",
    "internal",
    { subject: string; tenant?: string },
    boolean
  >;

  const probe = {
    mayAct: internalQuery({
      args: { subject: v.string(), tenant: v.optional(v.string()) },
      returns: v.boolean(),
      handler: async (_ctx, args) => {
        asked.push(args);
        await Promise.resolve();
        return answer();
      },
    }),
  };

  // The ERP's glue, made anew for an app that asks.
  const anew = { "toolgate/gate": {}, "toolgate/jobs": {} };

  beforeEach(async () => {
    asked = [];
    answer = () => true;
    const subjects = { mayAct: () => mayAct };
    t = await newServer({
      t: newApp({ functions: { probe }, overrides: anew, subjects, connect: {} }),
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("is asked once in an admission, and lets a person act", async () => {
    const { key } = await issueKey(t, { subject: "ada" });
    expect((await callTool(t, key, "customers_create", CUSTOMER)).isError).toBeUndefined();
    expect(asked).toEqual([{ subject: "ada", tenant: "acme" }]);
  });

  test("false reads like an invalid key, does nothing, and is recorded", async () => {
    const { key, keyId } = await issueKey(t, { subject: "ada" });
    answer = () => false;
    const call = { name: "customers_create", arguments: CUSTOMER };
    const refused = await rpc(t, key, "tools/call", call);
    const unknown = await rpc(t, key.slice(0, 5), "tools/call", call);
    expect([refused.status, refused.text]).toEqual([401, unknown.text]);
    expect(await rows(t, "customers")).toEqual([]);
    expect((await rows(t, "toolgateAudit")).at(-1)).toMatchObject({
      ...{ outcome: "denied", reason: "subject_may_not_act", keyId },
    });
    answer = () => true;
    expect((await callTool(t, key, "customers_create", CUSTOMER)).isError).toBeUndefined();
  });

  test("a query that throws refuses, and the log says so", async () => {
    const logged = vi.spyOn(console, "error").mockReturnValue(undefined);
    const { key } = await issueKey(t);
    answer = () => {
      throw new Error("no such table");
    };
    expect(await status(t, key)).toBe(401);
    expect(JSON.stringify(logged.mock.calls)).toContain("no such table");
  });

  test("an open stream ends at its next look", async () => {
    const { key } = await issueKey(t);
    const params = { notifications: { toolsListChanged: true } };
    const heard = await ask(t, key, "subscriptions/listen", params, { era: "modern", id: 1 });
    await until(() => heard.messages.length > 0);
    answer = () => false;
    await heard.ended;
    expect(heard.messages.at(-1)?.error).toMatchObject({ code: 401 });
  });

  test("a token of the person's connection is refused too", async () => {
    const { key } = await issueKey(t);
    const agent = await connectAgent(t, key);
    expect(await status(t, agent.tokens.access_token)).toBe(200);
    answer = () => false;
    expect(await status(t, agent.tokens.access_token)).toBe(401);
  });
});

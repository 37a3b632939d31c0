/**
 * What clients get of a call that waits for a person, over HTTP in both eras: the answer at once, what is asked for later, the lists, and
 * how it is withdrawn.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { Doc } from "../../convex/_generated/dataModel";
import { issueKey, listTools, rows } from "../support/gate";
import {
  asTask,
  call as callAs,
  notify,
  open,
  progressOf,
  reply,
  responseOf,
  sessionOf,
  until,
  type Speech,
} from "../support/streamClient";
import { bought, call, decide, newest, newShop, type Shop } from "./setup";

let shop: Shop;
beforeEach(async () => {
  shop = await newShop();
});

const REASON = "above your limit of 100 EUR";
const goods = { thing: "desk", count: 20 };
const argsOf = (name: string) => (["look", "read"].includes(name) ? { thing: "desk" } : goods);

/** What a client without tasks reads of a held call. */
const textOf = (jobId: string, until: number, reason = REASON) =>
  `Waiting for a person to approve: ${reason}. Nothing has been done yet. It expires ${new Date(until).toISOString()}. Do not call it again and do not look for another way. Tell the user; later call jobs_get with {"jobId":"${jobId}"}.`;

/** Changes the row of the newest call, as a decision does. */
const settle = async ({ t }: Shop, change: Partial<Doc<"toolgateJobs">>) => {
  const { _id } = await newest(t);
  await t.run((ctx) => ctx.db.patch("toolgateJobs", _id, change));
};

/** The fields of a call that somebody has decided on. */
const decidedOn = async ({ t }: Shop, verdict: "approved" | "denied", note?: string) => {
  const { approval } = await newest(t);
  const decision = { verdict, by: "Olga", how: "app" as const, at: 1_000, ...(note && { note }) };
  return { approval: { ...approval!, decision } };
};

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

describe("with tasks", () => {
  const start = async (name: string) => {
    const { t, key } = shop;
    const { result } = await reply(t, key, "tools/call", { name, arguments: argsOf(name) }, asTask);
    return result!;
  };
  const get = async (taskId: string) =>
    (await reply(shop.t, shop.key, "tasks/get", { taskId }, asTask)).result!;

  test.each(["buy", "slow", "look"])(
    "%s is a task that works until somebody decides",
    async (name) => {
      const created = await start(name);
      const { jobId, approval, createdAt } = await newest(shop.t);
      const { reason, until } = approval!;
      const waits = {
        ...{ taskId: jobId, status: "working", pollIntervalMs: 60_000 },
        ttlMs: until - createdAt + 48 * 3_600_000,
        statusMessage: `Waiting for a person to approve: ${reason}. Nothing has been done yet. It expires ${new Date(until).toISOString()}.`,
      };
      expect(created).toMatchObject({ resultType: "task", ...waits });
      const seen = await get(jobId);
      expect(seen).toMatchObject(waits);
      expect([seen.inputRequests, seen.result]).toEqual([undefined, undefined]);
    },
  );

  test("one that is denied, or that nobody decides on, has completed with what to tell the user", async () => {
    const { taskId } = (await start("buy")) as unknown as { taskId: string };
    const ends = [
      ["denied", "denied", 'A person denied this: "too dear". Nothing was done.'],
      ["expired", "approval_expired", "Nobody decided within 24 hours. Nothing was done."],
      ["failed", "no_longer_allowed", "The rights of this key changed. Nothing was done."],
    ] as const;
    for (const [state, code, message] of ends) {
      await settle(shop, { state, failure: { code, message } });
      const { status, result } = await get(taskId);
      expect([status, result]).toMatchObject([
        "completed",
        { isError: true, content: [{ text: `${code}: ${message}` }] },
      ]);
    }
  });

  test("one that was approved and ran says so with its result, and not who it was", async () => {
    const { taskId } = (await start("buy")) as unknown as { taskId: string };
    await settle(shop, {
      state: "succeeded",
      result: '{"paid":200}',
      ...(await decidedOn(shop, "approved", "ok")),
    });
    const seen = await get(taskId);
    expect(seen).toMatchObject({
      ...{ status: "completed", ttlMs: 48 * 3_600_000 },
      result: {
        structuredContent: { paid: 200 },
        _meta: { "toolgate/approved": "1970-01-01T00:00:01.000Z" },
      },
    });
    expect(JSON.stringify(seen)).not.toMatch(/Olga|ok"/);
  });

  test.each([
    ["buy", { structuredContent: { paid: 200 } }],
    ["slow", { structuredContent: { result: "did desk" } }],
    ["look", { structuredContent: { price: 10 } }],
  ])("%s: the task that somebody approves ends with the result", async (name, result) => {
    const { t, key } = shop;
    const { taskId } = (await start(name)) as unknown as { taskId: string };
    await decide(t, taskId, "approve");
    await until(async () => (await get(taskId)).status === "completed");
    const approved = { "toolgate/approved": expect.stringMatching(/^20.*Z$/) as string };
    expect(await get(taskId)).toMatchObject({ result: { ...result, _meta: approved } });
    await decide(t, taskId, "deny").then(
      () => expect.fail("decided twice"),
      (error: unknown) => {
        expect(String(error)).toContain("decided");
      },
    );
    expect((await reply(t, key, "tasks/get", { taskId }, asTask)).result?.status).toBe("completed");
  });

  test("tasks/cancel withdraws it: nothing was done", async () => {
    const { t, key } = shop;
    const { taskId } = (await start("buy")) as unknown as { taskId: string };
    await reply(t, key, "tasks/cancel", { taskId }, asTask);
    expect(await get(taskId)).toMatchObject({
      status: "cancelled",
      statusMessage: "The call was withdrawn before anyone decided. Nothing was done.",
    });
    expect(await bought(t)).toEqual([]);
  });
});

describe("jobs_get", () => {
  const shown = async (more: object = {}) => {
    const { t, key } = shop;
    const { jobId } = await newest(t);
    return (await callAs(t, key, "jobs_get", { jobId, ...more })).structuredContent!;
  };

  test("shows what it waits for, at once even if asked to wait", async () => {
    await call(shop, "buy");
    const { jobId, approval } = await newest(shop.t);
    const before = performance.now();
    const view = await shown({ waitSeconds: 40 });
    expect(performance.now() - before).toBeLessThan(5_000);
    const expiresAt = new Date(approval!.until).toISOString();
    expect(view).toMatchObject({
      ...{ jobId, tool: "buy", state: "awaiting_approval" },
      approval: { reason: REASON, expiresAt },
      next: `Waiting for a person to approve: ${REASON}. Nothing has been done yet. It expires ${expiresAt}. Tell the user, and ask again in some minutes at the earliest.`,
    });
  });

  test("shows a denial, and an approval with the result, without who decided", async () => {
    await call(shop, "buy");
    const failure = { code: "denied", message: 'A person denied this: "no".' };
    await settle(shop, { state: "denied", failure, ...(await decidedOn(shop, "denied", "no")) });
    const decidedAt = "1970-01-01T00:00:01.000Z";
    const denied = await shown();
    expect(denied).toMatchObject({
      ...{ state: "denied", error: failure },
      approval: { reason: REASON, verdict: "denied", decidedAt },
    });
    const yes = await decidedOn(shop, "approved", "fine by me");
    await settle(shop, {
      state: "succeeded",
      failure: undefined as never,
      result: '{"paid":200}',
      ...yes,
    });
    const approved = await shown();
    expect(approved).toMatchObject({ result: { paid: 200 }, approval: { verdict: "approved" } });
    expect(approved).not.toHaveProperty("next");
    expect(JSON.stringify([denied, approved])).not.toMatch(/Olga|fine by me/);
  });
});

describe("notifications/cancelled", () => {
  const stateAfter = async (name: string, headers: Record<string, string>, age = 0) => {
    const { t, key } = shop;
    await callAs(t, key, name, argsOf(name), { id: 7, headers });
    await settle(shop, { createdAt: Date.now() - age });
    await notify(t, key, "notifications/cancelled", { requestId: 7 }, headers);
    return (await newest(t)).state;
  };

  test.each(["buy", "slow", "look"])("withdraws %s by the id of its request", async (name) => {
    const session = await sessionOf(shop.t, shop.key, "client");
    expect(await stateAfter(name, session, 3_600_000)).toBe("cancelled");
    expect(await bought(shop.t)).toEqual([]);
  });

  test.each(["plain", "read"])(
    "withdraws %s too, which only a rule of key or role puts under approval",
    async (name) => {
      const { t, keyId } = shop;
      const session = await sessionOf(t, shop.key, "client");
      const approval = ["plain", "read"];
      await t.mutation(internal.toolgate.admin.updateKey, { keyId, approval });
      expect(await stateAfter(name, session, 3_600_000)).toBe("cancelled");
      expect(await stateAfter(name, {})).toBe("cancelled");
      await t.mutation(internal.toolgate.admin.updateKey, { keyId, approval: [] });
      await t.mutation(internal.toolgate.admin.setRole, { name: "admin", approval });
      expect(await stateAfter(name, session)).toBe("cancelled");
      expect(await bought(t)).toEqual([]);
    },
  );

  test("of another session of the key, or one that it made up, withdraws nothing", async () => {
    const { t, key } = shop;
    const session = await sessionOf(t, key, "client");
    await callAs(t, key, "always", goods, { id: 7, headers: session });
    for (const other of [await sessionOf(t, key, "other"), {}, { "mcp-session-id": "x" }]) {
      await notify(t, key, "notifications/cancelled", { requestId: 7 }, other);
      expect((await newest(t)).state).toBe("awaiting_approval");
    }
  });

  test("without a session, an old call is not meant: by then another client uses the id", async () => {
    expect(await stateAfter("buy", {}, 3_600_000)).toBe("awaiting_approval");
    expect(await stateAfter("always", {})).toBe("cancelled");
  });
});

describe("the schema of an answer", () => {
  interface Listed {
    readonly name: string;
    readonly outputSchema: {
      readonly properties: Record<string, { enum?: string[] }>;
      readonly required?: string[];
    };
  }
  const statesFor = async (key: string) => {
    const tools = (await listTools(shop.t, key)) as unknown as Listed[];
    return Object.fromEntries(
      tools
        .filter(({ name }) => !name.startsWith("jobs_"))
        .map(({ name, outputSchema: { properties, required = [] } }) => [
          name,
          [...(properties.state?.enum ?? []), ...required].join(),
        ]),
    );
  };
  const byLine = {
    ...{ buy: "awaiting_approval", always: "awaiting_approval", look: "awaiting_approval" },
    ...{ asks: "awaiting_approval", slow: "working,awaiting_approval" },
  };

  test("knows the call that waits where the line says so, for every caller", async () => {
    const none = { plain: "paid", read: "price,role" };
    expect(await statesFor(shop.key)).toMatchObject({ ...none, ...byLine });
  });

  test("and for a caller under a rule, of the key or the role, also there, and not in the library's own tools", async () => {
    const { t, key } = shop;
    const before = (await listTools(t, key)).filter(({ name }) => name.startsWith("jobs_"));
    const ruled = await issueKey(t, { subject: "ruled", approval: ["pl*"] });
    expect(await statesFor(ruled.key)).toMatchObject({
      ...{ ...byLine, plain: "awaiting_approval", read: "price,role" },
    });
    const [role] = await t.run((ctx) => ctx.db.query("toolgateRoles").collect());
    await t.run((ctx) => ctx.db.patch("toolgateRoles", role!._id, { approval: ["*"] }));
    const { key: bound } = await issueKey(t, { subject: "bound", role: role!.name });
    const all = await statesFor(bound);
    expect(Object.values(all).every((one) => one.endsWith("awaiting_approval"))).toBe(true);
    const own = (await listTools(t, bound)).filter(({ name }) => name.startsWith("jobs_"));
    expect(before).toEqual(expect.arrayContaining(own));
  });
});

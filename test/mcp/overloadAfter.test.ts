/**
 * What Convex refuses after the admission, or instead of it: the client is told to come again, or it is done at a second try.
 *
 * @spec RFC 9110 section 15.6.4
 */
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { post, rows, type Reply } from "../support/gate";
import { breakFirst, inject, type Fault } from "../support/injector";
import { accept, ALL, modern, newAsking } from "../support/askingApp";
import { newStated } from "../support/statedApp";
import { open, responseOf, TASKS } from "../support/streamClient";

vi.mock("../../src/runner/runner", async (original) =>
  (await import("../support/injector")).between(await original()),
);

process.env.TOOLGATE_LIMIT_SCALE = "100000";

const WITH_TASKS = { ...ALL, extensions: { [TASKS]: {} } };
const rpc = { jsonrpc: "2.0" };
const list = { ...rpc, id: 1, method: "tools/list" };

let app: Awaited<ReturnType<typeof newStated>>;
let taskId: string;

const speak = (method: string, params: Record<string, unknown>) =>
  modern(app.t, app.keys.ann, method, params, WITH_TASKS);
const send = (message: object) => post(app.t, app.keys.ann, message);

beforeAll(async () => {
  app = await newStated();
  const { json } = await speak("tools/call", { name: "parks", arguments: { file: "a" } });
  taskId = String(json.result?.taskId);
});

afterEach(() => {
  inject();
  vi.restoreAllMocks();
});

/** Pauses between two tries are none. */
const hurry = () => {
  vi.spyOn(Math, "random").mockReturnValue(-0.5);
};

const muted = () => vi.spyOn(console, "warn").mockReturnValue();

const comesAgain = ({ status, headers, json }: Reply, hasId = true) => {
  expect([status, json.error?.code]).toEqual([503, 503]);
  const retryAfter = headers.get("retry-after");
  expect(retryAfter).toMatch(/^[1-3]$/);
  expect(json.error?.data).toEqual({ retryAfter: Number(retryAfter) });
  expect(json.id).toBe(hasId ? 1 : undefined);
};

const cancels = { ...rpc, method: "notifications/cancelled", params: { requestId: 7 } };
const answers = { ...rpc, id: "q-1", result: accept({}) };

const points: [what: string, name: string, call: () => Promise<Reply>, hasId?: boolean][] = [
  ["tasks/cancel", "jobs:cancel", () => speak("tasks/cancel", { taskId })],
  ["tasks/update", "jobs:answer", () => speak("tasks/update", { taskId, inputResponses: {} })],
  ["tasks/get", "jobs:watch", () => speak("tasks/get", { taskId })],
  ["notifications/cancelled", "jobs:cancelRequest", () => send(cancels), false],
  ["a client's answer", "jobs:respond", () => send(answers), false],
  ["tools/list", "catalog:list", () => send(list)],
  ["a query", "reading:read", () => speak("tools/call", { name: "contact", arguments: {} })],
  ["the admission of a list", "gate:admit", () => send(list)],
];

// A lost answer does no harm either where the call can be made twice.
describe.each(["conflict", "writes", "slot", "lost"] as Fault[])("%s", (fault) => {
  test.each(points)("%s: 503 and when to come again", async (_what, name, call, hasId) => {
    muted();
    // After a conflict an admission is made once more.
    const times = fault === "conflict" && name === "gate:admit" ? 2 : 1;
    breakFirst(`toolgate/${name}`, fault, times);
    comesAgain(await call(), hasId);
    expect((await call()).status).toBeLessThan(300);
  });
});

test("a write whose answer is lost is not asked for again, unless it has a key", async () => {
  muted();
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const write = (slug: string, meta: object = {}) => {
    const message = { ...rpc, id: 1, method: "tools/call" };
    const params = { name: "found", arguments: { slug }, _meta: meta };
    return send({ ...message, params });
  };
  breakFirst("toolgate/gate:admit", "lost");
  expect((await write("one")).status).toBe(500);
  expect(logged).toHaveBeenCalled();
  breakFirst("toolgate/gate:admit", "lost");
  const headers = { "Idempotency-Key": "retry-1234" };
  const again = () =>
    post(
      app.t,
      app.keys.ann,
      {
        ...{ ...rpc, id: 1, method: "tools/call" },
        params: { name: "found", arguments: { slug: "two" } },
      },
      headers,
    );
  comesAgain(await again());
  expect((await again()).json.result).toMatchObject({ _meta: { "toolgate/replayed": true } });
  const slugs = (await rows(app.t, "tenants")).map(({ slug }) => slug);
  expect(slugs.filter((slug) => slug === "one" || slug === "two")).toEqual(["one", "two"]);
});

describe("a batch", () => {
  const errors = ({ text }: Reply) =>
    (JSON.parse(text) as { error?: { code: number; data: unknown } }[]).map(({ error }) => error);
  const ping = { ...rpc, id: 2, method: "ping" };

  test("says by each message that it may come again", async () => {
    muted();
    breakFirst("toolgate/catalog:list", "slot");
    const reply = await post(app.t, app.keys.ann, [ping, list]);
    expect([reply.status, errors(reply)]).toEqual([
      200,
      [
        undefined,
        expect.objectContaining({ code: 503, data: { retryAfter: expect.any(Number) as number } }),
      ],
    ]);
  });

  test("of which nothing was done is 503 as a whole", async () => {
    muted();
    inject(({ name }) => (name === "toolgate/gate:admit" ? "conflict" : undefined));
    const reply = await post(app.t, app.keys.ann, [ping, list]);
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toMatch(/^[1-3]$/);
    expect(errors(reply).map((error) => error?.code)).toEqual([503, 503]);
  });

  test("tries what cannot be told several times, and is 503 if it has nothing else", async () => {
    muted();
    hurry();
    breakFirst("toolgate/jobs:cancelRequest", "writes", 4);
    expect((await post(app.t, app.keys.ann, [cancels, ping])).status).toBe(200);
    breakFirst("toolgate/jobs:cancelRequest", "writes", 5);
    expect((await post(app.t, app.keys.ann, [cancels])).status).toBe(503);
  });
});

describe("on a stream", () => {
  test("a query is tried again, and then told in band when to come again", async () => {
    muted();
    hurry();
    const query = async () =>
      responseOf(
        await (
          await open(app.t, app.keys.ann, "contact", {}, { progressToken: 1 })
        ).ended,
      );
    breakFirst("toolgate/reading:read", "slot", 4);
    expect(await query()).toHaveProperty("result");
    breakFirst("toolgate/reading:read", "slot", 5);
    expect((await query()).error).toMatchObject({
      ...{ code: 503, data: { retryAfter: expect.any(Number) as number } },
    });
  });

  test.each(["jobs:ask", "jobs:respond", "gate:admit"])(
    "a question survives that %s is refused, or its answer lost",
    async (name) => {
      muted();
      hurry();
      const asking = await newAsking();
      const { headers } = await post(asking.t, asking.keys.ann, {
        ...{ ...rpc, id: 1, method: "initialize" },
        params: {
          protocolVersion: "2025-11-25",
          capabilities: ALL,
          clientInfo: { name: "c", version: "1" },
        },
      });
      const own = { "Mcp-Session-Id": headers.get("mcp-session-id") ?? "" };
      const session = { headers: { ...own, "MCP-Protocol-Version": "2025-11-25" } };
      const faults: Fault[] = ["conflict", "lost"];
      let admissions = 0;
      inject((made) => {
        if (made.name !== `toolgate/${name}`) return undefined;
        // The first admission is told by a status; the one with the answer, here the third, is not.
        if (name === "gate:admit" && ++admissions !== 3) return undefined;
        return name === "gate:admit" ? "conflict" : faults.shift();
      });
      const heard = await open(asking.t, asking.keys.ann, "found", { slug: "new" }, session);
      const question = await vi.waitFor(() => {
        const one = heard.messages.find(({ method }) => method === "elicitation/create");
        if (one === undefined) throw new Error("not asked");
        return one;
      });
      const answer = { ...rpc, id: question.id, result: accept({ name: "Ann" }) };
      let status = 503;
      while (status === 503) ({ status } = await post(asking.t, asking.keys.ann, answer, own));
      expect(status).toBe(202);
      expect(responseOf(await heard.ended).result).toMatchObject({
        content: [{ text: '{"result":"Ann"}' }],
      });
    },
  );
});

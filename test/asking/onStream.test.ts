/**
 * Input over several rounds, as clients of the 2025 revisions are asked for it: by requests on the stream of their request.
 *
 * @spec MCP 2025-11-25 client/elicitation
 * @spec MCP 2025-11-25 client/sampling
 * @spec MCP 2025-11-25 basic/transports
 */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import {
  ask,
  open,
  responseOf,
  until,
  type Heard,
  type Message,
  type Speech,
} from "../support/streamClient";
import { post, rows, rpc } from "../support/gate";
import { accept, ALL, form, founded, newAsking, outcomes } from "../support/askingApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

let app: Awaited<ReturnType<typeof newAsking>>;

beforeEach(async () => {
  app = await newAsking();
});

afterEach(() => {
  vi.useRealTimers();
});

const SESSION = "Mcp-Session-Id";

/** The id of the session of a client with these capabilities. */
const newSession = async (capabilities: object = ALL, key = app.keys.ann): Promise<string> => {
  const { headers } = await rpc(app.t, key, "initialize", {
    ...{ protocolVersion: "2025-11-25", capabilities },
    clientInfo: { name: "test", version: "1" },
  });
  return headers.get(SESSION) ?? "";
};

const within = (session: string, more: Speech = {}): Speech => ({
  ...more,
  headers: { [SESSION]: session, "MCP-Protocol-Version": "2025-11-25" },
});

const found = async (session: string, more: Speech = {}, slug = "new"): Promise<Heard> =>
  open(app.t, app.keys.ann, "found", { slug }, within(session, more));

const questionsIn = ({ messages }: Heard): Message[] =>
  messages.filter(({ method, id }) => method !== undefined && id !== undefined);

/** The first questions on a stream, once they have come. */
const questions = (heard: Heard, count = 1): Promise<Message[]> =>
  vi.waitFor(
    () => {
      const come = questionsIn(heard);
      if (come.length < count) throw new Error(`${String(come.length)} questions`);
      return come;
    },
    { timeout: 5_000, interval: 10 },
  );

const question = async (heard: Heard, at = 0): Promise<Message> =>
  (await questions(heard, at + 1))[at]!;

const respond = async ({ id }: Message, response: object, key = app.keys.ann): Promise<number> =>
  (await post(app.t, key, { jsonrpc: "2.0", id, ...response })).status;

const named = (name: unknown) => ({ result: accept({ name }) });

const resultIn = async (heard: Heard) => responseOf(await heard.ended).result;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const isOver = (heard: Heard): Promise<boolean> =>
  Promise.race([heard.ended.then(() => true), pause(800).then(() => false)]);

const expectFailed = async (heard: Heard, text: string) => {
  const result = await resultIn(heard);
  expect(result).toMatchObject({ isError: true });
  expect(JSON.stringify(result)).toContain(text);
  expect(await founded(app.t)).toEqual([]);
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
};

test("a question arrives as a request, and the response to it leads to the result", async () => {
  const session = await newSession();
  expect(session).toMatch(/^[\x21-\x7e]{1,256}$/);
  const heard = await found(session);
  expect(heard.headers.get("content-type")).toBe("text/event-stream");
  const asked = await question(heard);
  const { mode, ...params } = form("What is its name?", "name").params;
  expect(mode).toBe("form");
  expect(asked).toEqual({
    ...{ jsonrpc: "2.0", id: asked.id, method: "elicitation/create", params },
  });
  expect(await founded(app.t)).toEqual([]);
  expect(await rows(app.t, "toolgateStreamLeases")).toHaveLength(1);
  expect(await respond(asked, named("Newco"))).toBe(202);
  const result = await resultIn(heard);
  expect(result).toMatchObject({ structuredContent: { result: "Newco" } });
  expect(result).not.toHaveProperty("resultType");
  expect(await founded(app.t)).toEqual(["new: Newco"]);
  expect(await outcomes(app.t)).toEqual(["asked", "succeeded"]);
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
});

test("a tool may ask in two rounds", async () => {
  const heard = await open(app.t, app.keys.ann, "twice", {}, within(await newSession()));
  await respond(await question(heard), { result: accept({ a: "1" }) });
  const second = await question(heard, 1);
  expect(second.params).toMatchObject({ message: "Second?" });
  await respond(second, { result: { action: "decline" } });
  expect(await resultIn(heard)).toMatchObject({
    structuredContent: { result: JSON.stringify([accept({ a: "1" }), { action: "decline" }]) },
  });
  const [one, two] = questionsIn(heard);
  expect(one!.id).not.toBe(two!.id);
});

test("prompts and resources ask too", async () => {
  const speech = within(await newSession());
  const prompt = await ask(app.t, app.keys.ann, "prompts/get", { name: "ask" }, speech);
  await respond(await question(prompt), { result: accept({ text: "This" }) });
  expect(await resultIn(prompt)).toMatchObject({ messages: [{ content: { text: "This" } }] });
  const me = await ask(app.t, app.keys.ann, "resources/read", { uri: "ask://me" }, speech);
  await respond(await question(me), { result: accept({ name: "Me" }) });
  expect(await resultIn(me)).toMatchObject({ contents: [{ text: "Me" }] });
});

test("two requests wait at once, each for its own answer", async () => {
  const session = await newSession();
  const streams = [await found(session, { id: 1 }, "a"), await found(session, { id: 1 }, "b")];
  const [a, b] = await Promise.all(streams.map((heard) => question(heard)));
  expect(a!.id).not.toBe(b!.id);
  await respond(b!, named("B"));
  expect(await resultIn(streams[1]!)).toMatchObject({ structuredContent: { result: "B" } });
  expect(await founded(app.t)).toEqual(["b: B"]);
  await respond(a!, named("A"));
  expect(await resultIn(streams[0]!)).toMatchObject({ structuredContent: { result: "A" } });
});

describe("a response", () => {
  test.each(["decline", "cancel"])("that is a %s reaches the tool", async (action) => {
    const heard = await found(await newSession());
    await respond(await question(heard), { result: { action } });
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: action } });
  });

  test("that is an error ends the call, and nothing is done", async () => {
    const heard = await found(await newSession());
    const error = { code: -1, message: "User rejected" };
    expect(await respond(await question(heard), { error })).toBe(202);
    await expectFailed(heard, "User rejected");
  });

  test.each([
    ["no object", "Newco"],
    ["without an action", { content: { name: "Newco" } }],
    ["of the wrong type", accept({ name: 1 })],
    ["without what is required", accept({})],
  ])("%s is asked for again", async (_what, result) => {
    const heard = await found(await newSession());
    await respond(await question(heard), { result });
    const again = await question(heard, 1);
    expect(again.params?.message).toMatch(/^What is its name\? \(The last answer did not fit: /);
    expect(await founded(app.t)).toEqual([]);
    await respond(again, named("Newco"));
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("that does not fit is the last if it is the third", async () => {
    const heard = await found(await newSession());
    for (const at of [0, 1, 2]) await respond(await question(heard, at), named(at));
    await expectFailed(heard, "did not fit what was asked, 3 times");
  });

  test("of another caller is ignored: the call goes on waiting", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    for (const key of [app.keys.bob, app.keys.globex]) {
      expect(await respond(asked, named("Stolen"), key)).toBe(202);
    }
    expect(await respond(asked, named("Stolen"), "no key")).toBe(401);
    expect(await isOver(heard)).toBe(false);
    await respond(asked, named("Newco"));
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "Newco" } });
  });

  test("counts once: the first", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    expect(await respond(asked, named("First"))).toBe(202);
    expect(await respond(asked, named("Second"))).toBe(202);
    expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "First" } });
    expect(await respond(asked, named("Late"))).toBe(202);
    expect(await founded(app.t)).toEqual(["new: First"]);
  });

  test("to nothing that was asked is accepted and forgotten", async () => {
    for (const id of ["nothing", 1, crypto.randomUUID()]) {
      expect(await respond({ id }, named("Newco"))).toBe(202);
    }
    expect(await rows(app.t, "toolgateQuestions")).toEqual([]);
  });
});

describe("a tool that has to ask fails, and names the capability,", () => {
  test.each<[string, (session: string) => string]>([
    ["a forged id", (session) => `${session.slice(0, -1)}${session.endsWith("A") ? "B" : "A"}`],
    ["capabilities added to its id", (session) => session.replace(".", "~elicitation.")],
    ["a made-up id", () => `${crypto.randomUUID()}~elicitation`],
    ["another id", () => crypto.randomUUID()],
    ["an id that is too long", (session) => session.padStart(300, "x")],
  ])("for a session with %s", async (_what, forge) => {
    const heard = await found(forge(await newSession({})));
    await expectFailed(heard, "elicitation");
    expect(questionsIn(heard)).toEqual([]);
  });

  test("without a session", async () => {
    await expectFailed(await open(app.t, app.keys.ann, "found", { slug: "new" }), "elicitation");
  });

  test.each([[{}], [{ sampling: {}, roots: {} }], [{ elicitation: { url: {} } }]])(
    "for a client with %j",
    async (capabilities) => {
      await expectFailed(await found(await newSession(capabilities)), "elicitation");
    },
  );

  test("for one that takes only JSON", async () => {
    const heard = await found(await newSession(), { accept: "application/json" });
    expect(heard.headers.get("content-type")).toBe("application/json");
    await expectFailed(heard, "elicitation");
  });

  test("to open a page, for one that only knows forms", async () => {
    const session = await newSession({ elicitation: {} });
    const heard = await open(app.t, app.keys.ann, "link", {}, within(session));
    await expectFailed(heard, "elicitation.url");
  });
});

test("a page to open is asked for with its mode", async () => {
  const session = await newSession({ elicitation: { url: {} } });
  const heard = await open(app.t, app.keys.ann, "link", {}, within(session));
  const asked = await question(heard);
  expect(asked.params).toMatchObject({ mode: "url", url: "https://example.com/in" });
  await respond(asked, { result: { action: "accept" } });
  expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "accept" } });
});

test("a prompt whose question stays unanswered is an error", async () => {
  const { json } = await rpc(app.t, app.keys.ann, "prompts/get", { name: "ask" });
  expect(json.error).toMatchObject({ code: -32602 });
  expect(json.error!.message).toContain("elicitation");
});

describe("waiting ends", () => {
  test("when the key is revoked", async () => {
    const heard = await found(await newSession());
    const asked = await question(heard);
    await app.t.mutation(internal.toolgate.admin.revokeKey, { keyId: app.annKeyId });
    await expectFailed(heard, "revoked");
    expect(await respond(asked, named("Newco"))).toBe(401);
  });

  test("when the client goes away: nothing is written, and its place is free", async () => {
    const session = await newSession();
    const gone = new AbortController();
    const heard = await found(session, { signal: gone.signal });
    const asked = await question(heard);
    expect(await rows(app.t, "toolgateStreamLeases")).toHaveLength(1);
    gone.abort();
    await heard.ended;
    await until(async () => (await rows(app.t, "toolgateStreamLeases")).length === 0);
    await respond(asked, named("Newco"));
    expect(await founded(app.t)).toEqual([]);
    expect(await outcomes(app.t)).toEqual(["asked"]);
  });

  test("when the answer does not come in five minutes", async () => {
    const heard = await found(await newSession());
    await question(heard);
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 5 * 60_000);
    await expectFailed(heard, "not_answered");
  });

  test("after eight rounds, each with another question", async () => {
    const heard = await found(await newSession());
    for (let round = 0; round < 8; round++) {
      const asked = await question(heard, round);
      app.script.question = `Once more: ${String(round)}`;
      await respond(asked, named("Newco"));
    }
    await expectFailed(heard, "too often");
    expect(questionsIn(heard)).toHaveLength(8);
  });
});

test("a key may wait in four places at once", async () => {
  const session = await newSession();
  const streams = [];
  for (let i = 0; i < 4; i++) streams.push(await found(session, {}, `c${String(i)}`));
  expect((await found(session)).status).toBe(429);
  for (const heard of streams)
    await respond(await question(heard), { result: { action: "cancel" } });
  for (const heard of streams) await heard.ended;
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
});

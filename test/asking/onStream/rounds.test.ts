/**
 * Input over several rounds, as clients of the 2025 revisions are asked for it: by requests on the stream of their request.
 *
 * @spec MCP 2025-11-25 client/elicitation
 * @spec MCP 2025-11-25 basic/transports
 */
import { expect, test } from "vitest";
import { ask, open } from "../../support/streamClient";
import { rows } from "../../support/gate";
import { accept, form, founded, outcomes } from "../../support/askingApp";
import {
  app,
  newSession,
  within,
  found,
  questionsIn,
  question,
  respond,
  named,
  resultIn,
} from "./setup";

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

test("a page to open is asked for with its mode", async () => {
  const session = await newSession({ elicitation: { url: {} } });
  const heard = await open(app.t, app.keys.ann, "link", {}, within(session));
  const asked = await question(heard);
  expect(asked.params).toMatchObject({ mode: "url", url: "https://example.com/in" });
  await respond(asked, { result: { action: "accept" } });
  expect(await resultIn(heard)).toMatchObject({ structuredContent: { result: "accept" } });
});

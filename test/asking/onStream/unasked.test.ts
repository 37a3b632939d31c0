/**
 * Clients of the 2025 revisions that cannot be asked: the call fails, and names the capability.
 *
 * @spec MCP 2025-11-25 client/elicitation
 * @spec MCP 2025-11-25 client/sampling
 */
import { describe, expect, test } from "vitest";
import { open } from "../../support/streamClient";
import { rpc } from "../../support/gate";
import { app, newSession, within, found, questionsIn, expectFailed } from "./setup";

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

test("a prompt whose question stays unanswered is an error", async () => {
  const { json } = await rpc(app.t, app.keys.ann, "prompts/get", { name: "ask" });
  expect(json.error).toMatchObject({ code: -32602 });
  expect(json.error!.message).toContain("elicitation");
});

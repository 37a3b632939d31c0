/**
 * Clients of 2026-07-28 that cannot be asked, and the argument by which the server passes answers on, which is its own.
 *
 * @spec MCP 2026-07-28 client/elicitation
 */
import { describe, expect, test } from "vitest";
import { issueKey } from "../../support/gate";
import { accept, founded, modern, PAGE } from "../../support/askingApp";
import { app, call, stateOf } from "./setup";

test("a tool that must ask fails for a key without a user, whatever its client can answer", async () => {
  const { key } = await issueKey(app.t, { unattended: true });
  for (const name of ["found", "hello"]) {
    const { status, json } = await call(name, name === "found" ? { slug: "new" } : {}, { key });
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ isError: true });
    expect(JSON.stringify(json.result)).toContain("for an agent without one. Nobody was asked.");
  }
  expect(await founded(app.t)).toEqual([]);
});

describe("a client that has not said it can be asked", () => {
  test.each<[string, object, object]>([
    ["found", {}, { elicitation: {} }],
    ["found", { elicitation: { url: {} } }, { elicitation: {} }],
    ["found", { sampling: {}, roots: {} }, { elicitation: {} }],
    ["link", { elicitation: {} }, { elicitation: { url: {} } }],
    ["link", { elicitation: { form: {} } }, { elicitation: { url: {} } }],
    ["model", { elicitation: {} }, { sampling: {} }],
  ])("is refused %s with %j", async (name, capabilities, requiredCapabilities) => {
    const args = name === "found" ? { slug: "new" } : {};
    const { status, json } = await call(name, args, { capabilities });
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ code: -32021, data: { requiredCapabilities } });
    expect(await founded(app.t)).toEqual([]);
  });

  test("is asked to open a page only if it can", async () => {
    const asked = await call("link", {}, { capabilities: { elicitation: { url: {} } } });
    expect(asked.json.result?.inputRequests).toEqual({ page: PAGE });
    const done = await call(
      "link",
      {},
      {
        requestState: stateOf(asked),
        inputResponses: { page: { action: "accept" } },
      },
    );
    expect(done.json.result).toMatchObject({ structuredContent: { result: "accept" } });
  });
});

describe("the server's own argument", () => {
  test("is in no schema", async () => {
    const { json, text } = await modern(app.t, app.keys.ann, "tools/list", {});
    expect(json.result!.tools).toHaveLength(6);
    const tools = json.result!.tools as { inputSchema: { properties?: object } }[];
    for (const { inputSchema } of tools) {
      expect(Object.keys(inputSchema.properties ?? {})).not.toContain("input");
    }
    expect(text).not.toContain('"answers"');
    const prompts = await modern(app.t, app.keys.ann, "prompts/list", {});
    expect(prompts.text).not.toContain('"input"');
  });

  test("is refused from a client", async () => {
    const answers = JSON.stringify({ named: { response: accept({ name: "Newco" }) } });
    const input = { can: ["elicitation"], answers };
    for (const sent of [input, null, "text"]) {
      const { json } = await call("found", { slug: "new", input: sent });
      expect(json.result).toMatchObject({ isError: true });
      expect((await call("hello", { input: sent })).json.result).toMatchObject({ isError: true });
    }
    expect(await founded(app.t)).toEqual([]);
  });
});

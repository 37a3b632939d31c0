/** What the server says it has, and that it has it. */
import { describe, expect, test } from "vitest";
import { rpc } from "../support/gate";
import { modernRpc } from "../support/speak";
import { newDemo } from "../support/demoApp";

const { t, keys } = await newDemo();

describe("capabilities", () => {
  const capabilities = { tools: {}, resources: {}, prompts: {}, completions: {} };

  test.each(["2025-03-26", "2025-06-18", "2025-11-25"])("initialize, %s", async (version) => {
    const { json } = await rpc(t, keys.admin, "initialize", { protocolVersion: version });
    expect(json.result?.capabilities).toEqual({
      ...{ ...capabilities, logging: {} },
      extensions: { "io.modelcontextprotocol/ui": {} },
    });
  });

  test("server/discover names all of these, and tasks", async () => {
    const { json } = await modernRpc(t, keys.admin, "server/discover");
    expect(json.result?.capabilities).toMatchObject({
      ...capabilities,
      extensions: { "io.modelcontextprotocol/tasks": {} },
    });
  });

  test("server/discover names logging, which it has", async () => {
    const { json } = await modernRpc(t, keys.admin, "server/discover");
    expect(json.result?.capabilities).toHaveProperty("logging");
  });

  test("what is named is served, in both eras", async () => {
    for (const method of ["resources/list", "resources/templates/list", "prompts/list"]) {
      expect((await rpc(t, keys.admin, method)).json).toHaveProperty("result");
      expect((await modernRpc(t, keys.admin, method)).json).toHaveProperty("result");
    }
  });
});

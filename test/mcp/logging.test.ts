/**
 * logging/setLevel, and the level that a request of 2026-07-28 names.
 *
 * @spec MCP 2025-11-25 server/utilities/logging
 */
import { beforeEach, describe, expect, test } from "vitest";
import { LOG_LEVELS } from "../../src/data/logLevel";
import { post, rpc } from "../support/gate";
import { CAPABILITIES_KEY, MODERN, modernHeaders, VERSION_KEY } from "../support/speak";
import { modernNamed, newCountedBackend, newDemo } from "../support/demoApp";

const calls: string[] = [];
const { t, keys } = await newDemo(newCountedBackend(calls));

beforeEach(() => {
  calls.length = 0;
});

describe("logging", () => {
  test.each(LOG_LEVELS)("setLevel %s: {}", async (level) => {
    const { text } = await rpc(t, keys.admin, "logging/setLevel", { level });
    expect(text).toBe('{"jsonrpc":"2.0","id":1,"result":{}}');
  });

  test.each([undefined, null, 1, "", "INFO", "warn", "trace", "constructor", ["info"]])(
    "setLevel %j: -32602",
    async (level) => {
      const { json } = await rpc(t, keys.admin, "logging/setLevel", { level });
      expect(json.error).toEqual({
        code: -32602,
        message: `Invalid params: "level" must be one of ${LOG_LEVELS.join(", ")}`,
      });
    },
  );

  test("2026-07-28 has no setLevel", async () => {
    const { status, json } = await modernNamed(t, keys.admin, "logging/setLevel", {
      level: "info",
    });
    expect([status, json.error?.code]).toEqual([404, -32601]);
  });

  const withLevel = (level: unknown) => {
    const _meta = {
      [VERSION_KEY]: MODERN,
      [CAPABILITIES_KEY]: {},
      "io.modelcontextprotocol/logLevel": level,
    };
    const message = { jsonrpc: "2.0", id: 1, method: "prompts/list", params: { _meta } };
    return post(t, keys.admin, message, modernHeaders("prompts/list"));
  };

  test.each(LOG_LEVELS)("2026-07-28 takes logLevel %s", async (level) => {
    expect((await withLevel(level)).status).toBe(200);
  });

  test.each([null, 1, "", "INFO", "warn", ["info"]])("logLevel %j: -32602", async (level) => {
    const { status, json } = await withLevel(level);
    expect([status, json.error?.code]).toEqual([400, -32602]);
    expect(json.error?.message).toContain("logLevel");
    expect(calls).toEqual(["toolgate/gate:admit"]);
  });
});

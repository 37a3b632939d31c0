/**
 * tools/list: what a role sees, in which order, and from any cursor on.
 *
 * @spec MCP 2025-11-25 server/tools
 * @spec MCP 2026-07-28 server/tools
 */
import { describe, expect, test } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { entriesOf } from "../../src/registry/entries";
import { issueKey, listTools, roles, rpc } from "../support/gate";
import { key, t } from "./eras/setup";

const { tools } = app;

describe("tools/list", () => {
  test.each(roles)(
    "a %s sees what its role permits, in the order of the registry",
    async (role) => {
      const own = await issueKey(t, { role });
      const permitted = entriesOf(tools)
        .filter(([, { permission }]) => app.roles()[role]!.includes(permission))
        .map(([name]) => name);
      const first = await listTools(t, own.key);
      expect(first.map(({ name }) => name)).toEqual(permitted);
      expect(await listTools(t, own.key)).toEqual(first);
    },
  );

  test("continues after any tool", async () => {
    const names = Object.keys(tools);
    for (const [at, name] of names.entries()) {
      const { json } = await rpc(t, key, "tools/list", { cursor: btoa(name) });
      const { tools: rest } = json.result as { tools: { name: string }[] };
      expect(rest.map((tool) => tool.name)).toEqual(names.slice(at + 1));
    }
  });
});

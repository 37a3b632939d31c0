/** An argument that a key fixes is not there for its client: none sees it, sends it or hears of it. */
import { describe, expect, test } from "vitest";
import { modern } from "../../support/askingApp";
import { rows, rpc } from "../../support/gate";
import { call, companies, free, key, t, text } from "./app";

const lastAudit = async () => (await rows(t, "toolgateAudit")).at(-1);

interface Shown {
  readonly name: string;
  readonly inputSchema: { properties: Record<string, object>; required?: string[] };
}
const listed = async (as: string): Promise<Shown[]> =>
  (await rpc(t, as, "tools/list")).json.result?.tools as Shown[];

describe("a fixed argument is not there", () => {
  test("in the list of the key's client, and in that of others it is", async () => {
    const [own, others] = [await listed(key), await listed(free)];
    expect(JSON.stringify(own)).not.toMatch(/company/i);
    expect(JSON.stringify(others)).toContain('"x-mcp-header":"Company"');
    expect(own.map(({ name }) => name)).toEqual(others.map(({ name }) => name));
    for (const [index, { inputSchema, ...rest }] of own.entries()) {
      const { inputSchema: whole, ...same } = others[index]!;
      expect(rest).toEqual(same);
      const { company: _company, ...left } = whole.properties;
      expect(inputSchema.properties).toEqual(left);
      expect(inputSchema.required).toEqual(whole.required?.filter((name) => name !== "company"));
    }
  });

  test.each(["list", "add", "mail", "ask", "park"])(
    "for a client that sends it to %s",
    async (name) => {
      const before = [await companies(), (await rows(t, "toolgateJobs")).length];
      for (const company of ["acme", "globex", null, ""]) {
        const result = await call(name, { company, text: "x" });
        expect([result.isError, text(result)]).toEqual([
          ...[true, "invalid_arguments: company: no such argument"],
        ]);
        expect(await lastAudit()).toMatchObject({ outcome: "denied", reason: "fixed", tool: name });
      }
      expect([await companies(), (await rows(t, "toolgateJobs")).length]).toEqual(before);
    },
  );

  test.each(["list", "add", "mail"])(
    "in what is wrong with other arguments of %s",
    async (name) => {
      for (const args of [{}, { text: 5 }, { text: "x", compny: "y" }, { text: "x", size: "y" }]) {
        const result = await call(name, args);
        expect(text(result)).toMatch(/^invalid_arguments: /);
        expect(text(result)).not.toContain("company");
      }
      expect(text(await call(name, { text: "x", compny: "y" }))).toMatch(
        /Known arguments: text, size(?:, idempotencyKey)?$/,
      );
    },
  );

  test("in a header either: a client of 2026-07-28 sends none", async () => {
    const args = { text: "x" };
    const { json } = await modern(t, key, "tools/call", { name: "list", arguments: args });
    expect(json.result).toMatchObject({ structuredContent: { company: "acme", text: "x" } });
  });
});

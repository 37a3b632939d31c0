/** Every call has an operation: its audit rows, its result and what its function was told have the same one. */
import { describe, expect, test } from "vitest";
import { modern } from "../../../support/askingApp";
import { rows, rpc, type Reply } from "../../../support/gate";
import { TASKS } from "../../../support/streamClient";
import { added, key, t } from "../setup";
import { metaOf, OPERATION, ORIGINAL, UUID } from "./named";
import { naming, serveProbe } from "./probe";

describe("the function", () => {
  test.each<[string, string, object, string[]]>([
    ["a query", "tools/call", { name: "query" }, ["answered"]],
    ["a mutation", "tools/call", { name: "mutation" }, ["succeeded"]],
    ["an action", "tools/call", { name: "action" }, ["started", "succeeded"]],
    ["a resource", "resources/read", { uri: "probe://me" }, ["answered"]],
    ["a prompt", "prompts/get", { name: "me" }, ["answered"]],
  ])(
    "behind %s is told the operation of its rows and of its result",
    async (_what, method, params, outcomes) => {
      await serveProbe();
      let reply!: Reply;
      const written = await added(async () => (reply = await rpc(t, key, method, params)));
      const operation = metaOf(reply)[OPERATION] as string;
      expect(operation).toMatch(UUID);
      expect(written.map((row) => [row.operation, row.outcome])).toEqual(
        outcomes.map((outcome) => [operation, outcome]),
      );
      // What the function was told, and the result's own.
      expect(reply.text.split(operation).length).toBeGreaterThan(2);
    },
  );

  test.each<[string, string, object]>([
    ["a query", "tools/call", { name: "query" }],
    ["a mutation", "tools/call", { name: "mutation" }],
    ["a resource", "resources/read", { uri: "probe://me" }],
    ["a prompt", "prompts/get", { name: "me" }],
  ])(
    "behind %s is told none that a guard of the app's own names",
    async (_what, method, params) => {
      await serveProbe(naming);
      let reply!: Reply;
      const written = await added(async () => (reply = await rpc(t, key, method, params)));
      const operation = metaOf(reply)[OPERATION] as string;
      expect(operation).toMatch(UUID);
      expect(written.map((row) => row.operation)).toEqual([operation]);
      expect(reply.text.split(operation).length).toBeGreaterThan(2);
    },
  );

  test("of a job that is polled as a task too", async () => {
    await serveProbe();
    const capabilities = { extensions: { [TASKS]: {} } };
    const started = await modern(t, key, "tools/call", { name: "action" }, capabilities);
    const operation = metaOf(started)[OPERATION];
    await t.finishInProgressScheduledFunctions();
    const { taskId } = started.json.result as unknown as { taskId: string };
    const { json } = await modern(t, key, "tasks/get", { taskId }, capabilities);
    expect(json.result?.result).toMatchObject({
      ...{ structuredContent: { result: operation }, _meta: { [OPERATION]: operation } },
    });
    expect((await rows(t, "toolgateJobs"))[0]!.operation).toBe(operation);
  });
});

describe("a repeated call", () => {
  test.each(["mutation", "action"])(
    "of one kind (%s) has its own, and names that of the first",
    async (name) => {
      await serveProbe();
      const once = { name, arguments: { idempotencyKey: "repeated-1" } };
      const first = metaOf(await rpc(t, key, "tools/call", once))[OPERATION];
      let reply!: Reply;
      const [row, ...more] = await added(
        async () => (reply = await rpc(t, key, "tools/call", once)),
      );
      const { [OPERATION]: second, [ORIGINAL]: original } = metaOf(reply);
      expect([second === first, original, more]).toEqual([false, first, []]);
      expect(row).toMatchObject({ outcome: "replayed", operation: second, original: first });
      expect(reply.json.result?.structuredContent).toEqual({ result: first });
      for (const record of await rows(t, "toolgateIdempotency"))
        expect(record.operation).toBe(first);
    },
  );
});

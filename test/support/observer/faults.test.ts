/** The check of all that is sent finds what the schemas forbid, and reads streams as well as JSON. */
import { expect, test } from "vitest";
import { faults, observed } from "./observed";
import { faultsOf } from "./faults";
import type { Revision } from "./schemas";

const revisions: Revision[] = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];
const envelope = { jsonrpc: "2.0", id: 1 };
const text = { content: [{ type: "text", text: "x" }] };
const complete = { resultType: "complete", ttlMs: 1, cacheScope: "private" };

test.each(revisions)("%s: a result must be what its method returns", (revision) => {
  const fault = (method: string, result: unknown) =>
    faultsOf({ ...envelope, result }, { revision, method });
  expect(fault("tools/call", { ...complete, ...text })).toEqual([]);
  expect(fault("tools/list", { ...complete, tools: [] })).toEqual([]);
  expect(fault("tools/list", { ...complete, ...text })).not.toEqual([]);
  expect(fault("tools/call", { ...complete, content: [{ type: "text" }] })).not.toEqual([]);
  expect(fault("tools/call", null)).not.toEqual([]);
});

test.each(revisions)("%s: so must what a server sends on its own, and errors", (revision) => {
  const fault = (message: object) =>
    faultsOf({ jsonrpc: "2.0", ...message }, { revision, method: undefined });
  const progress = { progressToken: "p", progress: 1 };
  const method = "notifications/progress";
  expect(fault({ method, params: progress })).toEqual([]);
  expect(fault({ method, params: { ...progress, progress: "1" } })).not.toEqual([]);
  const error = { code: -32600, message: "no" };
  expect(fault({ id: 1, error })).toEqual([]);
  expect(fault({ error })).toEqual([]);
  expect(fault({ id: null, error })).not.toEqual([]);
  expect(fault({ id: 1, error: { code: "x", message: "no" } })).not.toEqual([]);
});

test.each([
  ["application/json", ""],
  ["text/event-stream", "data: "],
])("what an endpoint sends as %s is read along", async (type, prefix) => {
  const body = `${prefix}{"jsonrpc":"2.0","id":1,"result":{"tools":1}}\n\n`;
  const endpoint = observed(async (_ctx: object, request: Request) => {
    await new Response(request.body).text();
    return new Response(body, { headers: { "content-type": type } });
  });
  const sent = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const request = new Request("http://a", { method: "POST", body: JSON.stringify(sent) });
  expect(await (await endpoint({}, request)).text()).toBe(body);
  expect(faults.splice(0).join()).toMatch(/ListToolsResult/);
});

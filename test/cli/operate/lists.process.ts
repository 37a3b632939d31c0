/** `toolgate connections|roles|jobs|audit`: every verb against a local server, in words and in JSON. */
import { describe, expect, test } from "vitest";
import { answer, createKey, local } from "../local";
import { useLocalServer } from "../localServer";

const at = useLocalServer();

/** Asks the server as a client does. */
const post = (key: string, message: object, headers: object = {}) =>
  fetch(at.server().url, {
    method: "POST",
    headers: {
      ...{ authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...{ accept: "application/json, text/event-stream", ...headers },
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
  });

describe("connections", () => {
  test("list and revoke answer in JSON and in words", async () => {
    expect(await answer("connections", "list")).toEqual({ connections: [], nextCursor: null });
    expect(await answer("connections", "revoke", "--client", "claude.ai")).toEqual({
      revoked: [],
    });
    expect((await local("connections", "list", "--tenant", "acme")).stdout).toMatch(/^grantId/);
    const { code, stderr } = await local("connections", "revoke", "nonesuch");
    expect([code, stderr]).toEqual([1, expect.stringContaining("not_found")]);
  });

  test.each([[["revoke"]], [["revoke", "x", "--client", "y"]]])("%j is refused", async (line) => {
    expect((await local("connections", ...line)).code).toBe(1);
  });
});

test("roles list and set", async () => {
  const set = (...line: string[]) => answer("roles", "set", "auditor", ...line);
  await set("--permissions", "orders:read,reports:read");
  await set("--add", "invoices:read");
  expect(await set("--remove", "orders:read")).toEqual({
    name: "auditor",
    permissions: ["invoices:read", "reports:read"],
  });
  expect(await answer("roles", "list")).toContainEqual({
    name: "auditor",
    permissions: ["invoices:read", "reports:read"],
  });
});

test("jobs list shows what runs or has ended, and cancel leaves what is over as it is", async () => {
  const params = { name: "customers_import", arguments: { lines: "", idempotencyKey: "a-job-12" } };
  const key = at.server().keyOf("admin");
  const imported = await post(key, { method: "tools/call", params });
  await imported.text();
  expect(await answer("jobs", "list")).toEqual({ jobs: [], nextCursor: null });
  const { jobs } = await answer("jobs", "list", "--ended", "--tenant", "acme");
  expect(jobs).toMatchObject([{ tool: "customers_import", tenant: "acme", role: "admin" }]);
  const { jobId, state } = jobs[0];
  const cancelled = await local("jobs", "cancel", jobId, "--reason", "too late");
  expect(cancelled.stdout).toMatch(new RegExp(`^jobId +state [^]*\n${jobId} +${state} `));
  const { code, stderr } = await local("jobs", "cancel", "nonesuch");
  expect([code, stderr]).toEqual([1, expect.stringContaining("not_found: jobId")]);
});

test("audit list filters, and shows what an operator did", async () => {
  const { keyId } = await createKey();
  const byKey = await answer("audit", "list", "--key", keyId);
  const denied = ["--outcome", "denied", "--key", keyId, "--since", "2026-01-01"];
  const byOutcome = await answer("audit", "list", ...denied, "--limit", "5");
  const text = await local("audit", "list", "--tenant", "acme", "--limit", "1");
  expect(byKey.entries).toMatchObject([{ method: "keys/create", outcome: "succeeded", keyId }]);
  expect(byOutcome).toEqual({ entries: [], nextCursor: null });
  expect(text.stdout).toContain("keys/create");
  expect(text.stderr).toMatch(/^Target: the local server, http:\/\/127\.0\.0\.1:\d+$/m);
});

test("audit list shows the trace of a call that has one, and no such column otherwise", async () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const key = at.server().keyOf("viewer", "globex");
  const ping = (headers: object) => post(key, { method: "ping" }, headers);
  await ping({});
  const list = ["audit", "list", "--tenant", "globex", "--limit", "3"];
  expect((await local(...list)).stdout).not.toContain("trace");
  await ping({ traceparent: `00-${trace}-00f067aa0ba902b7-01` });
  expect((await local(...list)).stdout).toMatch(
    new RegExp(`operation +trace +arguments[^]*${trace}`),
  );
  // The server has said nothing of the calls: it is quiet unless it is asked for a line each.
  expect(at.server().output().stdout.trim().split("\n")).toHaveLength(1);
});

/** `toolgate keys|connections|roles|jobs|audit`: every verb against a local server, and what is handed to `npx convex run`. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { addConstraint, constraintTexts } from "../../cli/operate/constraint";
import { addFixed } from "../../cli/operate/fixed";
import { table } from "../../cli/operate/print";
import { command } from "./command";
import { useLocalServer } from "./localServer";
import { cli, newFolder, removeFolder } from "../support/processes";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads answers as JSON
type Json = any;

const at = useLocalServer();

const local = (line: string[]) => command([...line, "--local"]);

/** The answer of a command that has one. */
const answer = async (line: string[]): Promise<Json> => {
  const { code, stdout, stderr } = await local([...line, "--json"]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

const create = (...line: string[]) =>
  answer(["keys", "create", "--tenant", "acme", "--role", "sales", "--name", "Claude", ...line]);

describe("as a process", () => {
  test("create shows the key alone on standard output, and verify takes it from standard input", async () => {
    const grant = ["--tenant", "globex", "--role", "viewer", "--name", "Bot"];
    const created = await cli(at.folder(), ["keys", "create", ...grant, "--local"]);
    expect(created.stdout).toMatch(/^cvxmcp_live_\w+\n$/);
    expect(created.stderr).toContain("cannot be shown again");
    expect(created.stderr).not.toContain(created.stdout.trim());
    const verified = await cli(at.folder(), ["keys", "verify", "--local"], created.stdout);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(/^valid\n[^]*tenant +globex/);
    expect(verified.stdout).not.toContain(created.stdout.trim());
  });

  test("ends with 2 for a wrong use", async () => {
    const { code, stdout, stderr } = await cli(at.folder(), ["keys", "drop"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("unknown command");
  });
});

describe("connections", () => {
  test("list and revoke answer in JSON and in words", async () => {
    expect(await answer(["connections", "list"])).toEqual({ connections: [], nextCursor: null });
    expect(await answer(["connections", "revoke", "--client", "claude.ai"])).toEqual({
      revoked: [],
    });
    expect((await local(["connections", "list", "--tenant", "acme"])).stdout).toMatch(/^grantId/);
    const { code, stderr } = await local(["connections", "revoke", "nonesuch"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("not_found")]);
  });

  test.each([[["revoke"]], [["revoke", "x", "--client", "y"]]])("%j is refused", async (line) => {
    expect((await local(["connections", ...line])).code).toBe(1);
  });
});

describe("keys", () => {
  test("create, get, update, revoke", async () => {
    const { key, keyId, ...info } = await create(
      ...["--subject", "agent-7", "--test", "--expires-days", "30"],
      ...["--tools", "orders_get, orders_confirm"],
      ...["--constraint", "orders_confirm.expectedTotalMinor<=100000"],
      ...["--constraint", "orders_confirm.expectedTotalMinor>=1"],
    );
    expect(key).toMatch(/^cvxmcp_test_/);
    expect(info).toMatchObject({
      ...{ name: "Claude", tenant: "acme", role: "sales", subject: "agent-7", status: "active" },
      tools: ["orders_get", "orders_confirm"],
      constraints: { orders_confirm: { expectedTotalMinor: { min: 1, max: 100_000 } } },
    });
    const days = (Date.parse(info.expiresAt) - Date.parse(info.createdAt)) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await answer(["keys", "get", keyId])).toEqual({ keyId, ...info });

    const narrower = ["--name", "Claude 2", "--role", "viewer", "--tools", "orders_get"];
    const updated = await answer(["keys", "update", keyId, ...narrower, "--no-constraints"]);
    expect(updated).toMatchObject({ name: "Claude 2", role: "viewer", tools: ["orders_get"] });
    expect(updated).not.toHaveProperty("constraints");
    const alone = await answer(["keys", "update", keyId, "--unattended"]);
    expect(alone.unattended).toBe(true);
    expect((await local(["keys", "get", keyId])).stdout).toMatch(
      /unattended +yes: no user is asked/,
    );
    expect(await answer(["keys", "update", keyId, "--attended"])).not.toHaveProperty("unattended");
    expect((await answer(["keys", "update", keyId, "--read-only"])).readOnly).toBe(true);
    for (const verb of [["get", keyId], ["list"]])
      expect((await local(["keys", ...verb])).stdout).toMatch(/read only(?: +yes|, narrowed)/);
    expect(await answer(["keys", "update", keyId, "--read-write"])).not.toHaveProperty("readOnly");
    const set = ["--set", "orders_list.status=draft", "--set", "orders_list.limit=5"];
    const fixed = { orders_list: { status: "draft", limit: 5 } };
    expect((await answer(["keys", "update", keyId, ...set])).fixed).toEqual(fixed);
    expect((await local(["keys", "get", keyId])).stdout).toMatch(
      /^fixed +.*\borders_list\.status="draft"/m,
    );
    expect(await answer(["keys", "update", keyId, "--no-fixed"])).not.toHaveProperty("fixed");
    const wider = await answer(["keys", "update", keyId, "--all-tools"]);
    expect(wider).not.toHaveProperty("tools");

    const revoked = await answer(["keys", "revoke", keyId, "--reason", "laptop stolen"]);
    expect(revoked).toMatchObject({ status: "revoked", revokedReason: "laptop stolen" });
  });

  test("rotate and verify", async () => {
    const old = await create();
    const line = ["keys", "rotate", old.keyId, "--grace-minutes", "60", "--expires-days", "5"];
    const fresh = await answer(line);
    expect(fresh).toMatchObject({ replaces: old.keyId, status: "active" });
    const verified = await answer(["keys", "verify", fresh.key]);
    expect(verified).toMatchObject({ valid: true, key: { keyId: fresh.keyId } });
    expect(verified.permissions).toContain("orders:confirm");
    const { code, stdout } = await local(["keys", "verify", "cvxmcp_live_no"]);
    expect([code, stdout]).toEqual([1, "not valid: malformed\n"]);
    const again = await local(["keys", "rotate", old.keyId]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("wrong_state: ")]);
  });

  test("rotate says when the new key ends, and revoke what still works", async () => {
    const old = await create("--expires-days", "1");
    const turned = await local(["keys", "rotate", old.keyId, "--grace-minutes", "60"]);
    expect(turned.stderr).toContain(`It expires ${old.expiresAt}, when the old key would.`);
    const { replacedBy, graceUntil } = await answer(["keys", "get", old.keyId]);
    const revoked = await local(["keys", "revoke", replacedBy]);
    expect(revoked.stdout).toContain(`Still works: ${old.keyId}, until ${graceUntil}`);
    expect(revoked.stderr).toContain("--chain");
    const both = await local(["keys", "revoke", replacedBy, "--chain"]);
    expect(both.stdout).toContain(`Revoked too: ${old.keyId}`);
    expect(both.stderr).not.toContain("--chain");
  });

  test("all keys of a person are revoked", async () => {
    const { keyId } = await create("--subject", "leaver");
    const line = ["keys", "revoke", "--subject", "leaver", "--reason", "left"];
    const { code, stdout } = await local(line);
    expect([code, stdout]).toEqual([0, `Revoked: ${keyId as string}\nConnections ended: 0\n`]);
    expect(await answer(line)).toEqual({ keys: [], connections: 0, hasMore: false });
    expect((await local(line)).stdout).toBe("No key of this subject works.\n");
  });

  test("list follows pages up to the limit", async () => {
    const { keys } = await answer(["keys", "list", "--tenant", "globex", "--limit", "300"]);
    expect(keys.length).toBeGreaterThanOrEqual(5);
    expect(new Set(keys.map(({ tenant }: { tenant: string }) => tenant))).toEqual(
      new Set(["globex"]),
    );
    const few = await local(["keys", "list", "--limit", "2"]);
    expect(few.stdout.trim().split("\n")).toHaveLength(3);
    expect(few.stderr).toContain("There are more");
  });
});

test("roles list and set", async () => {
  const set = (...line: string[]) => answer(["roles", "set", "auditor", ...line]);
  await set("--permissions", "orders:read,reports:read");
  await set("--add", "invoices:read");
  expect(await set("--remove", "orders:read")).toEqual({
    name: "auditor",
    permissions: ["invoices:read", "reports:read"],
  });
  expect(await answer(["roles", "list"])).toContainEqual({
    name: "auditor",
    permissions: ["invoices:read", "reports:read"],
  });
});

test("jobs list shows what runs or has ended, and cancel leaves what is over as it is", async () => {
  const params = { name: "customers_import", arguments: { lines: "", idempotencyKey: "a-job-12" } };
  const imported = await fetch(at.server().url, {
    method: "POST",
    headers: {
      ...{
        authorization: `Bearer ${at.server().keyOf("admin")}`,
        "content-type": "application/json",
      },
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  await imported.text();
  expect(await answer(["jobs", "list"])).toEqual({ jobs: [], nextCursor: null });
  const { jobs } = await answer(["jobs", "list", "--ended", "--tenant", "acme"]);
  expect(jobs).toMatchObject([{ tool: "customers_import", tenant: "acme", role: "admin" }]);
  const { jobId, state } = jobs[0];
  const cancelled = await local(["jobs", "cancel", jobId, "--reason", "too late"]);
  expect(cancelled.stdout).toMatch(new RegExp(`^jobId +state [^]*\n${jobId} +${state} `));
  const { code, stderr } = await local(["jobs", "cancel", "nonesuch"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("not_found: jobId")]);
});

test("audit list filters, and shows what an operator did", async () => {
  const { keyId } = await create();
  const byKey = await answer(["audit", "list", "--key", keyId]);
  const denied = ["--outcome", "denied", "--key", keyId, "--since", "2026-01-01"];
  const byOutcome = await answer(["audit", "list", ...denied, "--limit", "5"]);
  const text = await local(["audit", "list", "--tenant", "acme", "--limit", "1"]);
  expect(byKey.entries).toMatchObject([{ method: "keys/create", outcome: "succeeded", keyId }]);
  expect(byOutcome).toEqual({ entries: [], nextCursor: null });
  expect(text.stdout).toContain("keys/create");
  expect(text.stderr).toMatch(/^Target: the local server, http:\/\/127\.0\.0\.1:\d+$/m);
});

test("audit list shows the trace of a call that has one, and no such column otherwise", async () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const key = at.server().keyOf("viewer", "globex");
  const ping = (headers: Record<string, string>) =>
    fetch(at.server().url, {
      method: "POST",
      headers: {
        ...{ authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...{ accept: "application/json, text/event-stream", ...headers },
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
    });
  await ping({});
  const list = ["audit", "list", "--tenant", "globex", "--limit", "3"];
  expect((await local(list)).stdout).not.toContain("trace");
  await ping({ traceparent: `00-${trace}-00f067aa0ba902b7-01` });
  expect((await local(list)).stdout).toMatch(new RegExp(`operation +trace +arguments[^]*${trace}`));
  // The server has said nothing of the calls: it is quiet unless it is asked for a line each.
  expect(at.server().output().stdout.trim().split("\n")).toHaveLength(1);
});

test("a table shows what others wrote on its own line, and nothing that steers the terminal", () => {
  const cell = '{"name":"\u001b[2J\u009b31m\u202etxt\u2066\u200b\ufeff\r\n\u2028\u0007"}';
  const text = table(["call", "arguments"], [["orders_get\u001b]0;x\u0007", cell]]);
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).toContain('{"name":"�[2J�31m�txt');
});

describe("what goes wrong", () => {
  test.each<[string, string[], string]>([
    ["an unknown key", ["keys", "get", "nope"], "not_found: "],
    ["an unknown permission", ["roles", "set", "x", "--add", "a:b"], "invalid_arguments: "],
    ["a time that is none", ["audit", "list", "--since", "noon"], "invalid_arguments: since"],
  ])("the server refuses %s: 1", async (_, line, reason) => {
    const { code, stdout, stderr } = await local(line);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(new RegExp(`^${reason}`, "m"));
  });

  test.each<[string, string[], string]>([
    ["an unknown verb", ["keys", "drop"], "unknown command"],
    ["an unknown flag", ["keys", "list", "--all"], "unknown option"],
    ["a missing option", ["keys", "create", "--tenant", "acme"], "required option"],
    ["a missing argument", ["keys", "get"], "missing required argument"],
    ["nothing to revoke", ["keys", "revoke"], "either a keyId or --subject"],
    ["a key and a person", ["keys", "revoke", "k", "--subject", "ada"], "either a keyId"],
    ["a tenant of a key", ["keys", "revoke", "k", "--tenant", "acme"], "goes with --subject"],
    ["a limit of 0", ["keys", "list", "--limit", "0"], "Give a number from 1"],
    ["days that are none", ["keys", "rotate", "k", "--expires-days", "1.5"], "whole number"],
    ["an outcome that is none", ["audit", "list", "--outcome", "x"], "Allowed choices"],
    [
      "tools and all tools",
      ["keys", "update", "k", "--tools", "a", "--all-tools"],
      "cannot be used",
    ],
    [
      "constraints lifted and set",
      ["keys", "update", "k", "--no-constraints", "--constraint", "a.b<=1"],
      "cannot be used",
    ],
  ])("%s is a usage error: 2", async (_, line, reason) => {
    const { code, stdout, stderr } = await local(line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
  });

  test("no local server runs", async () => {
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(tmpdir());
    const { code, stderr } = await local(["keys", "list"]);
    elsewhere.mockReturnValue(at.folder());
    expect([code, stderr]).toEqual([1, expect.stringContaining("No local server runs")]);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '{"url":1,"pid":1,"startedAt":1}',
    '{"url":"http://127.0.0.1:1","pid":1,"startedAt":1,"admin":{}}',
    '{"url":"http://127.0.0.1:1","pid":1}',
  ])("a state file that holds %j names no server", async (text) => {
    const broken = await newFolder();
    await mkdir(path.join(broken, ".toolgate"));
    await writeFile(path.join(broken, ".toolgate", "local-1.json"), text);
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(broken);
    const { code, stderr } = await local(["keys", "list"]);
    elsewhere.mockReturnValue(at.folder());
    await removeFolder(broken);
    expect([code, stderr]).toEqual([1, expect.stringContaining("No local server runs")]);
  });

  test("help has examples and is no error", async () => {
    const { code, stdout } = await command(["keys", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("npx toolgate keys create --tenant acme");
    expect((await command(["keys", "get", "--help"])).stdout).toContain("npx toolgate keys get");
  });
});

describe("a deployment", () => {
  /** An `npx` that keeps its arguments and then does as told. */
  const withNpx = async (script: string, line: string[]) => {
    const place = await newFolder();
    const bin = path.join(place, "bin");
    const record = path.join(place, "arguments");
    await mkdir(bin);
    const npx = path.join(bin, "npx");
    await writeFile(npx, `#!/bin/sh\nprintf '%s\\0' "$@" > ${record}\n${script}\n`);
    await chmod(npx, 0o755);
    vi.stubEnv("PATH", `${bin}:${process.env.PATH ?? ""}`);
    const result = await command(line);
    vi.unstubAllEnvs();
    const given = (await readFile(record, "utf8")).split("\0").slice(0, -1);
    await removeFolder(place);
    return { ...result, given };
  };

  test("is driven by npx convex run, arguments as they are", async () => {
    const name = "it's $(touch here); \"x\" & 'y'";
    const line = ["keys", "update", "k1", "--name", name, "--prod", "--env-file", "a b.env"];
    const { code, stdout, stderr, given } = await withNpx('echo \'{"keyId":"k1"}\'', [
      ...line,
      "--json",
    ]);
    const args = JSON.stringify({ keyId: "k1", name });
    expect(given).toEqual([
      "convex",
      "run",
      "--prod",
      "--env-file",
      "a b.env",
      "toolgate/admin:updateKey",
      args,
    ]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { keyId: "k1" }]);
    expect(stderr).toBe("Target: npx convex run --prod --env-file a b.env\n");
  });

  const adminOf = async (line: string[]) =>
    (await withNpx("echo '[]'", ["roles", "list", ...line])).given[2];

  test("the glue lies where its admin.ts is, or where --dir says", async () => {
    const app = await newFolder();
    const put = async (file: string, text: string) => {
      await mkdir(path.join(app, path.dirname(file)), { recursive: true });
      await writeFile(path.join(app, file), text);
    };
    const elsewhere = vi.spyOn(process, "cwd").mockReturnValue(app);
    expect(await adminOf([])).toBe("toolgate/admin:listRoles");
    await put("convex/admin.ts", "export const ban = 1;");
    await put("convex/mcp/glue/admin.ts", "export const { a } = adminModule(app);");
    expect(await adminOf([])).toBe("mcp/glue/admin:listRoles");
    expect(await adminOf(["--dir", "other"])).toBe("other/admin:listRoles");
    await put("convex.json", '{"functions":"server/functions"}');
    await put("server/functions/agents/admin.ts", "export const { a } = adminModule(app);");
    expect(await adminOf([])).toBe("agents/admin:listRoles");
    await put("server/functions/second/admin.ts", "export const { a } = adminModule(app);");
    expect(await adminOf([])).toBe("toolgate/admin:listRoles");
    elsewhere.mockReturnValue(at.folder());
    await removeFolder(app);
  });

  test("is named by address, and its key is not shown", async () => {
    const address = ["--url", "http://127.0.0.1:1", "--admin-key", "very|secret"];
    const { given, stderr } = await withNpx("echo '[]'", ["roles", "list", ...address]);
    expect(given).toEqual(["convex", "run", ...address, "toolgate/admin:listRoles", "{}"]);
    expect(stderr).not.toContain("secret");
  });

  test("refuses with a ConvexError", async () => {
    const error = 'Uncaught ConvexError: {"code":"not_found","message":"keyId: no"}';
    const { code, stderr } = await withNpx(`echo '✖ Failed: ${error}' >&2; exit 1`, [
      ...["keys", "get", "k1"],
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("\nnot_found: keyId: no\n");
  });

  test("cannot be reached: shows why, and that --local exists", async () => {
    const { code, stderr } = await withNpx("echo 'No CONVEX_DEPLOYMENT set' >&2; exit 1", [
      ...["roles", "list"],
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("No CONVEX_DEPLOYMENT set");
    expect(stderr).toContain("--local");
  });
});

test.each<[string, unknown]>([
  ["t.a=open", { t: { a: "open" } }],
  ["t.a=5", { t: { a: 5 } }],
  ['t.a="5"', { t: { a: "5" } }],
  ["t.a=null", { t: { a: null } }],
  ['t.a=""', { t: { a: "" } }],
  ['t.a={"b":[true]}', { t: { a: { b: [true] } } }],
  ["t.a=x=y", { t: { a: "x=y" } }],
  ["t.a=", undefined],
  ["t.a", undefined],
  [".a=1", undefined],
  ["t.=1", undefined],
  ["t.a={b}", undefined],
  ['t.a={"b":1,"b":2}', undefined],
])("fixed: %s", (text, fixed) => {
  if (fixed === undefined) expect(() => addFixed(text)).toThrow();
  else expect(addFixed(text)).toEqual(fixed);
  expect(() => addFixed("t.a=2", addFixed("t.a=1"))).toThrow("twice");
});

describe("constraints", () => {
  test.each([
    ["t.a<=5", { t: { a: { max: 5 } } }],
    ["t.a >= -1.5", { t: { a: { min: -1.5 } } }],
    ["t.lines.*.quantity<=3", { t: { "lines.*.quantity": { max: 3 } } }],
    ["t.a=draft|open", { t: { a: { oneOf: ["draft", "open"] } } }],
    ['t.a=5|true|"5"', { t: { a: { oneOf: [5, true, "5"] } } }],
    ["t.a=x<=y", { t: { a: { oneOf: ["x<=y"] } } }],
  ])("%s", (text, constraints) => {
    expect(addConstraint(text)).toEqual(constraints);
  });

  test("are shown as they are written", () => {
    const both = addConstraint("t.b=x|y", addConstraint("t.a<=5", addConstraint("t.a>=1")));
    expect(constraintTexts(both)).toEqual(["t.a>=1", "t.a<=5", "t.b=x|y"]);
  });

  test.each(['t.a="half \\ud83d"', "t.a=1e999", "t.a=x|-1e999"])(
    "refuses flawed JSON: %s",
    (text) => {
      expect(() => addConstraint(text)).toThrow(/unpaired surrogate|too large/);
    },
  );

  test.each(["", "t", "t.a", "t.a<5", ".a<=5", "t.<=5", "t.a<=", "t.a<=x", "t.a>= "])(
    "refuses %j",
    (text) => {
      expect(() => addConstraint(text)).toThrow();
    },
  );
});

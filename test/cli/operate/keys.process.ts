/** `toolgate keys`: every verb against a local server, in words and in JSON. */
import { describe, expect, test } from "vitest";
import { cli } from "../../support/processes";
import { answer, createKey, local } from "../local";
import { useLocalServer } from "../localServer";

const at = useLocalServer();

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

describe("keys", () => {
  test("create, get, update, revoke", async () => {
    const { key, keyId, ...info } = await createKey(
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
    expect(await answer("keys", "get", keyId)).toEqual({ keyId, ...info });

    const narrower = ["--name", "Claude 2", "--role", "viewer", "--tools", "orders_get"];
    const updated = await answer("keys", "update", keyId, ...narrower, "--no-constraints");
    expect(updated).toMatchObject({ name: "Claude 2", role: "viewer", tools: ["orders_get"] });
    expect(updated).not.toHaveProperty("constraints");
    const alone = await answer("keys", "update", keyId, "--unattended");
    expect(alone.unattended).toBe(true);
    expect((await local("keys", "get", keyId)).stdout).toMatch(/unattended +yes: no user is asked/);
    expect(await answer("keys", "update", keyId, "--attended")).not.toHaveProperty("unattended");
    expect((await answer("keys", "update", keyId, "--read-only")).readOnly).toBe(true);
    for (const verb of [["get", keyId], ["list"]])
      expect((await local("keys", ...verb)).stdout).toMatch(/read only(?: +yes|, narrowed)/);
    expect(await answer("keys", "update", keyId, "--read-write")).not.toHaveProperty("readOnly");
    const set = ["--set", "orders_list.status=draft", "--set", "orders_list.limit=5"];
    const fixed = { orders_list: { status: "draft", limit: 5 } };
    expect((await answer("keys", "update", keyId, ...set)).fixed).toEqual(fixed);
    expect((await local("keys", "get", keyId)).stdout).toMatch(
      /^fixed +.*\borders_list\.status="draft"/m,
    );
    expect(await answer("keys", "update", keyId, "--no-fixed")).not.toHaveProperty("fixed");
    const wider = await answer("keys", "update", keyId, "--all-tools");
    expect(wider).not.toHaveProperty("tools");

    const revoked = await answer("keys", "revoke", keyId, "--reason", "laptop stolen");
    expect(revoked).toMatchObject({ status: "revoked", revokedReason: "laptop stolen" });
  });

  test("rotate and verify", async () => {
    const old = await createKey();
    const line = ["keys", "rotate", old.keyId, "--grace-minutes", "60", "--expires-days", "5"];
    const fresh = await answer(...line);
    expect(fresh).toMatchObject({ replaces: old.keyId, status: "active" });
    const verified = await answer("keys", "verify", fresh.key);
    expect(verified).toMatchObject({ valid: true, key: { keyId: fresh.keyId } });
    expect(verified.permissions).toContain("orders:confirm");
    const { code, stdout } = await local("keys", "verify", "cvxmcp_live_no");
    expect([code, stdout]).toEqual([1, "not valid: malformed\n"]);
    const again = await local("keys", "rotate", old.keyId);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("wrong_state: ")]);
  });

  test("rotate says when the new key ends, and revoke what still works", async () => {
    const old = await createKey("--expires-days", "1");
    const turned = await local("keys", "rotate", old.keyId, "--grace-minutes", "60");
    expect(turned.stderr).toContain(`It expires ${old.expiresAt}, when the old key would.`);
    const { replacedBy, graceUntil } = await answer("keys", "get", old.keyId);
    const revoked = await local("keys", "revoke", replacedBy);
    expect(revoked.stdout).toContain(`Still works: ${old.keyId}, until ${graceUntil}`);
    expect(revoked.stderr).toContain("--chain");
    const both = await local("keys", "revoke", replacedBy, "--chain");
    expect(both.stdout).toContain(`Revoked too: ${old.keyId}`);
    expect(both.stderr).not.toContain("--chain");
  });

  test("all keys of a person are revoked", async () => {
    const { keyId } = await createKey("--subject", "leaver");
    const line = ["keys", "revoke", "--subject", "leaver", "--reason", "left"];
    const { code, stdout } = await local(...line);
    expect([code, stdout]).toEqual([0, `Revoked: ${keyId as string}\nConnections ended: 0\n`]);
    expect(await answer(...line)).toEqual({ keys: [], connections: 0, hasMore: false });
    expect((await local(...line)).stdout).toBe("No key of this subject works.\n");
  });

  test("list follows pages up to the limit", async () => {
    const { keys } = await answer("keys", "list", "--tenant", "globex", "--limit", "300");
    expect(keys.length).toBeGreaterThanOrEqual(5);
    expect(new Set(keys.map(({ tenant }: { tenant: string }) => tenant))).toEqual(
      new Set(["globex"]),
    );
    const few = await local("keys", "list", "--limit", "2");
    expect(few.stdout.trim().split("\n")).toHaveLength(3);
    expect(few.stderr).toContain("There are more");
  });
});

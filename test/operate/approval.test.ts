/** What a key or a role puts under approval: which keys it binds, and what is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { isUnder } from "../../src/auth/patterns";
import { issueKey, rows } from "../support/gate";
import { refusal, revoke, rotate, t, update } from "./setup";

const approvalOf = async (keyId: string) =>
  (await t.query(internal.toolgate.admin.getKey, { keyId })).approval;

const setRole = (args: object) =>
  t.mutation(internal.toolgate.admin.setRole, { name: "sales", ...args });

describe("a key", () => {
  test("binds all keys of its subject in its tenant, and no others", async () => {
    const one = await issueKey(t, { subject: "agent" });
    const two = await issueKey(t, { subject: "agent", role: "viewer" });
    const other = await issueKey(t, { subject: "another" });
    await update(one.keyId, { approval: ["orders_*", "invoices_issue"] });
    const all = await Promise.all([one, two, other].map(({ keyId }) => approvalOf(keyId)));
    expect(all).toEqual([
      ["invoices_issue", "orders_*"],
      ["invoices_issue", "orders_*"],
      undefined,
    ]);
  });

  test("leaves it to the keys that come after, however they come", async () => {
    const first = await issueKey(t, { subject: "agent", approval: ["orders_*"] });
    const next = await rotate(first.keyId);
    expect(next.approval).toEqual(["orders_*"]);
    await revoke(next.keyId);
    const again = await issueKey(t, { subject: "agent" });
    expect(again.approval).toEqual(["orders_*"]);
    const more = await issueKey(t, { subject: "agent", approval: ["payments_record"] });
    expect(more.approval).toEqual(["orders_*", "payments_record"]);
    expect(await approvalOf(again.keyId)).toEqual(["orders_*", "payments_record"]);
  });

  test("is released with all keys of its subject, and only by a word of its own", async () => {
    const one = await issueKey(t, { subject: "agent", approval: ["*"] });
    const two = await issueKey(t, { subject: "agent" });
    await update(two.keyId, { name: "Renamed", role: "viewer", tools: ["orders_get"] });
    expect(await approvalOf(one.keyId)).toEqual(["*"]);
    await update(two.keyId, { approval: null });
    expect(await approvalOf(one.keyId)).toBeUndefined();
    await update(one.keyId, { approval: ["orders_get"] });
    await update(one.keyId, { approval: [] });
    expect(await approvalOf(two.keyId)).toBeUndefined();
    expect((await rows(t, "toolgateKeys")).some((key) => "approval" in key)).toBe(false);
  });

  test.each([[["nothing_*"]], [["orders_get", "orders_got"]], [[""]], [["ord*ers"]], [["**"]]])(
    "refuses %j: it means no tool",
    async (approval) => {
      const { keyId } = await issueKey(t, { subject: "agent" });
      for (const call of [update(keyId, { approval }), issueKey(t, { approval })]) {
        const { code, message } = await refusal(call);
        expect(code).toBe("invalid_arguments");
        expect(message).toMatch(/^approval: expected the name of a tool, or a beginning with \*/);
      }
      expect(await approvalOf(keyId)).toBeUndefined();
    },
  );

  test("takes 50 names at most", async () => {
    const { keyId } = await issueKey(t);
    const many = Array.from({ length: 51 }, () => "orders_*");
    expect((await refusal(update(keyId, { approval: many }))).message).toMatch(/at most 50/);
  });
});

describe("a role", () => {
  test("keeps it through other changes, and gives it up for null", async () => {
    const set = await setRole({ approval: ["orders_cancel", "orders_*", "orders_*"] });
    expect(set.approval).toEqual(["orders_*", "orders_cancel"]);
    expect((await setRole({ remove: ["orders:cancel"] })).approval).toEqual(set.approval);
    expect((await setRole({ permissions: ["orders:read"] })).approval).toEqual(set.approval);
    const roles = await t.query(internal.toolgate.admin.listRoles, {});
    expect(roles.find(({ name }) => name === "sales")).toEqual({
      ...{ name: "sales", permissions: ["orders:read"], approval: set.approval },
    });
    expect(await setRole({ approval: null })).toEqual({
      ...{ name: "sales", permissions: ["orders:read"] },
    });
  });

  test("must exist: a word that was mistyped binds nobody", async () => {
    const typo = t.mutation(internal.toolgate.admin.setRole, { name: "salse", approval: ["*"] });
    expect((await refusal(typo)).message).toMatch(/^role: expected one of .*sales/);
    expect(
      (await t.query(internal.toolgate.admin.listRoles, {})).map(({ name }) => name),
    ).not.toContain("salse");
  });

  test("refuses what means no tool, and a call that says nothing", async () => {
    expect((await refusal(setRole({ approval: ["x"] }))).message).toMatch(/^approval: expected/);
    expect((await refusal(setRole({}))).message).toMatch(/or approval/);
  });
});

test("a pattern means the names that begin with it; without a star, one name", () => {
  const name = fc.stringMatching(/^[a-z_]{1,12}$/);
  fc.assert(
    fc.property(name, name, (tool, other) => {
      expect(isUnder([tool], tool)).toBe(true);
      expect(isUnder([tool], other)).toBe(tool === other);
      expect(isUnder([`${other}*`], tool)).toBe(tool.startsWith(other));
      expect(isUnder(["*"], tool)).toBe(true);
      expect(isUnder([], tool)).toBe(false);
    }),
  );
});

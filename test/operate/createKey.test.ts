/** A new key: what it is told with, its defaults, and which grants are refused. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalQuery } from "../../convex/_generated/server";
import { app } from "../../convex/toolgate/tools";
import { adminModule } from "../../src/entry/admin";
import { newApp } from "../support/app";
import { issueKey, newServer, rows, rpc } from "../support/gate";
import { DAY, badGrants, refusal, t, times } from "./setup";

const defaultRoles = app.roles();

describe("create", () => {
  test("tells the key once, and everything else about it", async () => {
    const constraints = { orders_list: { limit: { max: 5 } } };
    const { key, ...info } = await t.action(internal.toolgate.admin.createKey, {
      tenant: "acme",
      name: "Claude of the sales team",
      role: "sales",
      subject: "claude",
      expiresInDays: 30,
      tools: ["orders_list"],
      constraints,
      env: "test",
    });
    expect(key).toMatch(/^cvxmcp_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    expect(key.split("_")[2]).toBe(info.keyId);
    expect(info).toEqual({
      keyId: expect.any(String),
      env: "test",
      name: "Claude of the sales team",
      subject: "claude",
      tenant: "acme",
      role: "sales",
      status: "active",
      tools: ["orders_list"],
      constraints,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const lifetime = Date.parse(info.expiresAt) - Date.parse(info.createdAt);
    expect(Math.abs(lifetime - 30 * DAY)).toBeLessThan(1000);
    expect(await t.query(internal.toolgate.admin.getKey, { keyId: info.keyId })).toEqual(info);
  });

  test("has defaults: live, 90 days, a subject of its own, no narrowing", async () => {
    const { key, keyId, subject, createdAt, expiresAt, tools, constraints } = await issueKey(t);
    expect(key).toMatch(/^cvxmcp_live_/);
    expect(subject).toBe(keyId);
    const lifetime = Date.parse(expiresAt) - Date.parse(createdAt);
    expect(Math.abs(lifetime - 90 * DAY)).toBeLessThan(1000);
    expect([tools, constraints]).toEqual([undefined, undefined]);
  });

  test("never gives the same key or id twice", async () => {
    const issued = await times(100, () => issueKey(t));
    expect(new Set(issued.map(({ keyId }) => keyId)).size).toBe(100);
    expect(new Set(issued.map(({ key }) => key.slice(25))).size).toBe(100);
  });

  test.each([
    ...badGrants,
    ["tenant", { tenant: "nonesuch" }],
    ["tenant", { tenant: "" }],
    ["subject", { subject: "" }],
    ["subject", { subject: "x".repeat(101) }],
    ["subject", { subject: "a\u0000" }],
  ] as [string, object][])("names the field that is wrong: %s %j", async (field, grant) => {
    const { code, message } = await refusal(issueKey(t, grant));
    expect(code).toBe("invalid_arguments");
    expect(message.split(/[: .]/)[0]).toBe(field);
    expect(await rows(t, "toolgateKeys")).toEqual([]);
    expect((await rows(t, "toolgateAudit")).length).toBe(0);
  });

  test.each([{ min: NaN }, { max: NaN }, { min: Infinity, max: Infinity }])(
    "a constraint of %j lets nothing through",
    async (limit) => {
      const { key } = await issueKey(t, { constraints: { orders_list: { limit } } });
      const { text } = await rpc(t, key, "tools/call", {
        name: "orders_list",
        arguments: { limit: 3 },
      });
      expect(text).toContain("not_allowed");
    },
  );

  test.each(["name", "tenant", "role"])("wants a %s", async (field) => {
    const args = { tenant: "acme", role: "admin", name: "x", [field]: undefined };
    await expect(t.action(internal.toolgate.admin.createKey, args as never)).rejects.toThrow(field);
  });

  test("writes the default roles once, and never over those that were changed", async () => {
    await t.mutation(internal.toolgate.admin.setRole, {
      name: "viewer",
      permissions: ["stock:read"],
    });
    await issueKey(t, { role: "viewer" });
    const viewer = (await t.query(internal.toolgate.admin.listRoles, {})).find(
      ({ name }) => name === "viewer",
    );
    expect(viewer!.permissions).toEqual(["stock:read"]);
    expect(await rows(t, "toolgateRoles")).toHaveLength(Object.keys(defaultRoles).length);
  });
});

describe("an app that knows its users", () => {
  const seen: object[] = [];
  const exists = makeFunctionReference<"query">("users:exists") as never;
  const users = {
    exists: internalQuery({
      args: { subject: v.string(), tenant: v.optional(v.string()) },
      handler: async (_ctx, args) => {
        seen.push(args);
        return args.subject === "ada";
      },
    }),
  };
  const backend = (tenants = app.tenants) =>
    newServer({
      t: newApp({
        functions: { users },
        overrides: {
          "toolgate/admin": adminModule({ ...app, tenants, subjects: { exists: () => exists } }),
        },
      }),
    });

  test("makes keys for those only, and none for nobody", async () => {
    const own = await backend();
    seen.length = 0;
    expect(await issueKey(own, { subject: "ada" })).toMatchObject({ subject: "ada" });
    expect(seen).toEqual([{ subject: "ada", tenant: "acme" }]);
    await expect(issueKey(own, { subject: "eve" })).rejects.toThrow("subject: the app knows no");
    await expect(issueKey(own)).rejects.toThrow("subject: expected whom");
    await expect(issueKey(own, { subject: "ada", tenant: "nonesuch" })).rejects.toThrow("tenant");
    expect(await rows(own, "toolgateKeys")).toHaveLength(1);
  });

  test("is not told of a tenant where there is one only", async () => {
    const { tenants: _tenants, ...alone } = app;
    const own = newApp({
      functions: { users },
      overrides: {
        "toolgate/admin": adminModule({ ...alone, subjects: { exists: () => exists } }),
      },
    });
    seen.length = 0;
    await own.action(internal.toolgate.admin.createKey, {
      role: "viewer",
      name: "x",
      subject: "ada",
    });
    expect(seen).toEqual([{ subject: "ada" }]);
  });
});

describe("an app with one tenant", () => {
  const { tenants: _tenants, ...alone } = app;

  test("makes keys without stating it, and refuses one that is stated", async () => {
    const one = newApp({ overrides: { "toolgate/admin": adminModule(alone) } });
    const args = { role: "viewer", name: "Bot" };
    expect(await one.action(internal.toolgate.admin.createKey, args)).toMatchObject({
      tenant: "main",
    });
    await expect(
      one.action(internal.toolgate.admin.createKey, { ...args, tenant: "acme" }),
    ).rejects.toThrow("tenant: this app has only one");
  });

  test("is not the ERP: there a tenant must be stated", async () => {
    await expect(
      t.action(internal.toolgate.admin.createKey, { role: "viewer", name: "Bot" }),
    ).rejects.toThrow("tenant: expected the name of a tenant");
  });
});

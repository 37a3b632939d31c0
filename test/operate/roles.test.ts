/** Roles as operators read and set them. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { app } from "../../convex/toolgate/tools";
import { issueKey, listTools, rows } from "../support/gate";
import { refusal, t } from "./setup";

const defaultRoles = app.roles();
const { permissions } = app;

describe("roles", () => {
  test("are the default ones on a new deployment", async () => {
    const listed = await t.query(internal.toolgate.admin.listRoles, {});
    expect(Object.fromEntries(listed.map((role) => [role.name, role.permissions]))).toEqual(
      defaultRoles,
    );
    expect(await rows(t, "toolgateRoles")).toEqual([]);
  });

  test("can be set as a whole, added to and taken from", async () => {
    const set = (change: object) =>
      t.mutation(internal.toolgate.admin.setRole, { name: "auditor", ...change });
    expect(await set({ permissions: ["orders:read", "invoices:read", "orders:read"] })).toEqual({
      name: "auditor",
      permissions: ["invoices:read", "orders:read"],
    });
    expect((await set({ add: ["stock:read"], remove: ["orders:read"] })).permissions).toEqual([
      "invoices:read",
      "stock:read",
    ]);
    expect((await set({ permissions: [] })).permissions).toEqual([]);
    // The others were written with the first.
    expect(await rows(t, "toolgateRoles")).toHaveLength(Object.keys(defaultRoles).length + 1);
    const { key } = await issueKey(t, { role: "auditor" });
    expect(await listTools(t, key)).toEqual([]);
  });

  test("every role the deployment starts with can be given to a key", async () => {
    for (const role of Object.keys(defaultRoles)) await issueKey(t, { role });
  });

  test.each([
    ["name", { name: "", permissions: [] }],
    ["name", { name: "Admin", permissions: [] }],
    ["name", { name: "x".repeat(41), permissions: [] }],
    ["name", { name: "a b", permissions: [] }],
    ["permission", { name: "x", permissions: ["orders:everything"] }],
    ["permission", { name: "x", permissions: ["*"] }],
    ["permission", { name: "x", add: ["orders:*"] }],
    ["permissions", { name: "x" }],
    ["permissions", { name: "x", permissions: [], add: ["stock:read"] }],
  ] as [string, { name: string }][])("set refuses a wrong %s: %j", async (field, change) => {
    const { code, message } = await refusal(t.mutation(internal.toolgate.admin.setRole, change));
    expect(code).toBe("invalid_arguments");
    expect(message).toContain(field);
    expect(await rows(t, "toolgateRoles")).toEqual([]);
  });

  test("set refuses to remove a permission that there is not", async () => {
    const change = { name: "sales", remove: ["order:cancel"] };
    await refusal(t.mutation(internal.toolgate.admin.setRole, change));
  });

  test("hold only permissions that exist", () => {
    for (const own of Object.values(defaultRoles))
      expect(permissions).toEqual(expect.arrayContaining([...own]));
  });
});

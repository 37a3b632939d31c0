/** The same idempotency key of two tenants, or of two subjects, is two keys. */
import { describe, expect, test } from "vitest";
import { callTool, issueKey, onlyOperation } from "../../support/gate";
import { keys, t } from "./setup";

describe("idempotency keys", () => {
  const args = { name: "Ada", email: "ada@example.com", idempotencyKey: "shared-key-1" };
  const idOf = async (key: string) => {
    const result = await callTool(t, key, "customers_create", args);
    return { ...result.structuredContent, replayed: result._meta?.["toolgate/replayed"] };
  };

  test("of another tenant do not replay", async () => {
    const own = await idOf(keys.acme!);
    const other = await idOf(keys.globex!);
    expect([own.replayed, other.replayed]).toEqual([undefined, undefined]);
    expect(JSON.stringify(other)).not.toContain(String((own as { id?: string }).id));
    expect(await idOf(keys.acme!)).toEqual({ ...own, replayed: true });
  });

  test("of another tenant do not replay for a subject of the same name", async () => {
    const idempotencyKey = "shared-key-2";
    const create = async (tenant: string, email: string) => {
      const { key } = await issueKey(t, { tenant, subject: "the agent" });
      return callTool(t, key, "customers_create", { name: "Bea", email, idempotencyKey });
    };
    const own = await create("acme", "bea@example.com");
    const other = await create("globex", "bea@example.com");
    expect([own.isError, other.isError, other._meta]).toEqual([
      ...[undefined, undefined, onlyOperation],
    ]);
    expect(other.structuredContent).not.toEqual(own.structuredContent);
  });

  test("of another subject of the same tenant do not replay", async () => {
    const { key } = await issueKey(t);
    const result = await callTool(t, key, "customers_create", args);
    expect(result.content[0]!.text).toMatch(/^email_taken: /);
  });
});

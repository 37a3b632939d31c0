/** The same idempotency key of two tenants, or of two subjects, is two keys. */
import { describe, expect, test } from "vitest";
import { callTool, issueKey } from "../../support/gate";
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

  test("of another subject of the same tenant do not replay", async () => {
    const { key } = await issueKey(t);
    const result = await callTool(t, key, "customers_create", args);
    expect(result.content[0]!.text).toMatch(/^email_taken: /);
  });
});

/** The audit log as operators read it. */
import { describe, expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { issueKey, rpc } from "../support/gate";
import { ping, refusal, t } from "./setup";

describe("the audit list", () => {
  test("is newest first, a page at a time, filtered by one thing", async () => {
    const one = await issueKey(t);
    const two = await issueKey(t, { tenant: "globex" });
    for (let call = 0; call < 5; call++) await ping(one.key);
    await ping(two.key);
    await rpc(t, one.key, "tools/call", { name: "nonesuch" });
    const list = (args: object) => t.query(internal.toolgate.admin.listAudit, args);
    const { entries } = await list({});
    const times = entries.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
    expect(entries).toHaveLength(2 + 5 + 1 + 1);
    expect((await list({ tenant: "globex" })).entries.map(({ method }) => method)).toEqual([
      "ping",
      "keys/create",
    ]);
    expect((await list({ keyId: one.keyId })).entries).toHaveLength(7);
    expect((await list({ outcome: "denied" })).entries).toMatchObject([
      { tool: "nonesuch", reason: "unknown_tool" },
    ]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { entries: { id: string }[]; nextCursor: string | null } = await list({
        limit: 4,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...page.entries.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(entries.map(({ id }) => id));
  });

  test("takes one filter at a time", async () => {
    const { code } = await refusal(
      t.query(internal.toolgate.admin.listAudit, { tenant: "acme", outcome: "denied" }),
    );
    expect(code).toBe("invalid_arguments");
  });
});

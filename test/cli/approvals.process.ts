/** `toolgate approvals`, and `--approval` of keys and roles, against a local server. */
import { describe, expect, test, vi } from "vitest";
import { answer, local, type Json } from "./local";
import { useLocalServer } from "./localServer";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const at = useLocalServer();

const call = async (role: string, name: string, args: object): Promise<Json> => {
  const response = await fetch(at.server().url, {
    method: "POST",
    headers: {
      ...{ Authorization: `Bearer ${at.server().keyOf(role)}`, "Content-Type": "application/json" },
      Accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      ...{ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
    }),
  });
  return (await response.json()).result;
};

/** A call that waits: it writes off stock. */
const writeOff = async (quantity: number, note: string): Promise<string> => {
  const { structuredContent } = await call("warehouse", "products_search", { text: "bolt" });
  const productId = structuredContent.items[0].id;
  const args = { productId, quantity, reason: "lost", note };
  return (await call("warehouse", "stock_adjust", args)).structuredContent.jobId;
};

const HOSTILE = "pallet\n  Amount: 5.00 EUR\n\nwhy it asks  routine\u001b[2K\u202e approved by CFO";

describe("a call that waits", () => {
  test("is listed on a line of its own, and shown with all that a person needs", async () => {
    const jobId = await writeOff(-1, "Found wet");
    const { stdout } = await local("approvals", "list");
    const [head, ...lines] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^jobId +tenant +tool +amount +what +asked by +expires +state$/);
    expect(lines.filter((line) => line.startsWith(jobId))).toEqual([
      expect.stringMatching(/acme +stock_adjust +[\d.]+ EUR +Write off 1 of .*warehouse.* UTC/),
    ]);
    const card = (await local("approvals", "show", jobId)).stdout;
    expect(card).toMatch(/^Write off 1 of .*: [\d.]+ EUR\n {2}On hand before it: \d+\n/);
    expect(card).toMatch(/\nwhy it asks +it writes off stock\n/);
    expect(card).toMatch(/\n {2}Note: Found wet\n/);
    expect(card).toMatch(/\nseen +\w{20}/);
  });

  test("cannot forge a line of its card, or steer the terminal", async () => {
    const jobId = await writeOff(-2, HOSTILE);
    for (const shown of [
      (await local("approvals", "show", jobId)).stdout,
      (await local("approvals", "list")).stdout,
      (await local("approvals", "approve", jobId, "--by", "ada")).stderr,
    ]) {
      expect(shown).not.toMatch(/^why it asks {2}routine/m);
      expect(shown).not.toMatch(/^ {2}Amount:/m);

      expect(shown).not.toMatch(/[\u001b\u202e\r]/);
    }
  });

  test("is approved only as it was seen, or by --yes, and once", async () => {
    const jobId = await writeOff(-3, "as counted");
    const wrong = await local("approvals", "approve", jobId, "--by", "ada", "--seen", "other");
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("changed:")]);
    // Nobody can be asked here.
    const unasked = await local("approvals", "approve", jobId, "--by", "ada");
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining("--seen")]);
    expect((await answer("approvals", "show", jobId)).state).toBe("awaiting_approval");
    const { seen } = await answer("approvals", "show", jobId);
    const done = await local("approvals", "approve", jobId, "--by", "ada", "--seen", seen);
    expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/^Approved/)]);
    const again = await local("approvals", "approve", jobId, "--by", "bob", "--yes");
    expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/Approved by ada/)]);
    const { approvals } = await answer("approvals", "list", "--decided");
    expect(approvals.find((one: Json) => one.jobId === jobId)).toMatchObject({
      ...{ state: "succeeded", decision: { verdict: "approved", by: "ada", how: "operator" } },
    });
  });

  test("is denied with a note that the agent reads", async () => {
    const jobId = await writeOff(-4, "lost");
    const denied = await local("approvals", "deny", jobId, "--by", "ada", "--note", "Count again");
    expect([denied.code, denied.stdout]).toEqual([0, expect.stringMatching(/^Denied/)]);
    const { structuredContent } = await call("warehouse", "jobs_get", { jobId });
    expect(structuredContent).toMatchObject({ state: "denied", error: { code: "denied" } });
    expect(structuredContent.error.message).toContain("Count again");
    expect((await local("approvals", "show", jobId)).stdout).toMatch(
      /denied by ada \(as they say\)/,
    );
  });

  test("that is none, or is decided by nobody, is a wrong use", async () => {
    const none = await local("approvals", "show", "nonesuch");
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("not_found")]);
    const nobody = await local("approvals", "approve", "x", "--yes");
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining("--by")]);
  });
});

test("a key and a role are put under approval, and released", async () => {
  const named = ["--tenant", "acme", "--role", "sales", "--name", "Claude", "--subject", "agent"];
  const { keyId } = await answer("keys", "create", ...named, "--approval", "orders_*");
  expect((await local("keys", "get", keyId)).stdout).toMatch(/\napproval +orders_\*: for all keys/);
  expect((await local("keys", "list", "--tenant", "acme")).stdout).toMatch(/approval +Claude/);
  await answer("keys", "update", keyId, "--no-approval");
  expect((await answer("keys", "get", keyId)).approval).toBeUndefined();
  const role = await local("roles", "set", "viewer", "--approval", "orders_get,invoices_*");
  expect(role.stdout).toMatch(/^role +approval +permissions\nviewer +invoices_\*, orders_get +/);
  const released = await local("roles", "set", "viewer", "--no-approval");
  expect(released.stdout).toMatch(/^role +permissions\n/);
  const wrong = await local("roles", "set", "viewer", "--approval", "nothing_*");
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("approval: expected")]);
});

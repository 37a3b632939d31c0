/**
 * Which calls with the same idempotency key are one call, and which are not.
 *
 * @spec draft-ietf-httpapi-idempotency-key-header-07
 */
import { describe, expect, test } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { issueKey } from "../../support/gate";
import { customer, effects, isReplay, resultOf, send, t, textOf, withoutMark } from "./customers";

describe("another call with the same key", () => {
  test("and other arguments is told so, and does nothing", async () => {
    const args = customer();
    const first = await send({ args, header: "mismatch-1" });
    for (const other of [customer(), { ...args, city: "Turin" }, {}, { ...args, name: "Ad" }]) {
      const reply = await send({ args: other, header: "mismatch-1" });
      expect(resultOf(reply).isError).toBe(true);
      expect(textOf(reply)).toMatch(/^idempotency_mismatch: /);
    }
    expect(await effects()).toBe(1);
    const again = await send({ args, header: "mismatch-1" });
    expect(withoutMark(again)).toEqual(withoutMark(first));
  });

  test("and the same arguments in another order is a repetition", async () => {
    const { name, email } = customer();
    await send({ args: { name, email }, header: "order-1234" });
    expect(isReplay(await send({ args: { email, name }, header: "order-1234" }))).toBe(true);
  });

  test("of another tool is a call of its own", async () => {
    const { structuredContent } = resultOf(await send({ args: customer(), header: "tool-12345" }));
    const args = { customerId: structuredContent!.id, city: "Turin" };
    const update = { tool: "customers_update", args, header: "tool-12345" };
    expect(isReplay(await send(update))).toBe(false);
    expect(isReplay(await send(update))).toBe(true);
  });

  test("of another tenant or subject is a call of its own", async () => {
    const args = customer();
    await send({ args, header: "scope-1234" });
    const globex = await issueKey(t, { tenant: "globex" });
    expect(isReplay(await send({ args, header: "scope-1234", as: globex.key }))).toBe(false);
    const colleague = await issueKey(t);
    const reply = await send({ args, header: "scope-1234", as: colleague.key });
    expect(textOf(reply)).toMatch(/^email_taken: /);
  });

  test("of the same subject by another API key is a repetition", async () => {
    const args = customer();
    const one = await issueKey(t, { subject: "agent-1" });
    const two = await issueKey(t, { subject: "agent-1" });
    await send({ args, header: "subject-123", as: one.key });
    expect(isReplay(await send({ args, header: "subject-123", as: two.key }))).toBe(true);
  });

  test("is a repetition after the API key was rotated", async () => {
    const old = await issueKey(t);
    const args = customer();
    const first = await send({ args, header: "rotation-1", as: old.key });
    const { key: next } = await t.action(internal.toolgate.admin.rotateKey, { keyId: old.keyId });
    const second = await send({ args, header: "rotation-1", as: next });
    expect(isReplay(second)).toBe(true);
    expect(withoutMark(second)).toEqual(withoutMark(first));
    expect((await send({ args, header: "rotation-1", as: old.key })).status).toBe(401);
  });

  test("is refused if the caller has lost the right meanwhile", async () => {
    const sales = await issueKey(t, { role: "sales" });
    const args = customer();
    await send({ args, header: "rights-123", as: sales.key });
    await t.mutation(internal.toolgate.admin.setRole, {
      name: "sales",
      remove: ["customers:create"],
    });
    const { json } = await send({ args, header: "rights-123", as: sales.key });
    expect(json.error?.message).toBe("Unknown tool: customers_create");
  });
});

/** rbac alone: what it adds, and what it refuses. */
import { beforeEach, expect, test, vi } from "vitest";
import { newBackend, type Backend } from "../../test/support/gate";
import type { Restrictions } from "../auth/credential";
import type { GateTx } from "../data/database";
import type { Refusal } from "../data/refusal";
import type { CallClaim, Verdict } from "./guard";
import { rbac } from "./rbac";

const principal = { subject: "s", tenant: "acme", role: "clerk", keyId: "k" };
const named = { permission: "orders:read" };

let t: Backend;

beforeEach(async () => {
  t = newBackend();
  await t.run(async (ctx) => {
    await ctx.db.insert("toolgateRoles", { name: "clerk", permissions: ["orders:read"] });
  });
});

interface Asked {
  readonly claim?: Partial<CallClaim>;
  readonly restrictions?: Restrictions;
  readonly role?: string;
  readonly inner?: Refusal;
}

const decide = ({ claim = {}, restrictions = {}, role = "clerk", inner }: Asked) =>
  t.run(async (ctx) =>
    rbac().decide(
      ctx as unknown as GateTx,
      {
        call: { method: "tools/call", protocol: "x", target: { kind: "tool", name: "orders_get" } },
        ...{ args: {}, named, tool: undefined, ...claim },
        ...{ principal: { ...principal, role }, restrictions },
      },
      async (context): Promise<Verdict> => ({ context, refusal: inner }),
    ),
  );

const refusalIn = async (asked: Asked) => (await decide(asked)).refusal;

test("a call that the role permits goes on with its rights", async () => {
  expect(await decide({})).toEqual({ context: { rights: { permissions: ["orders:read"] } } });
});

test("a call that names nothing goes on with its rights", async () => {
  const claim = { call: { method: "ping", protocol: "x" }, named: undefined };
  expect(await decide({ claim })).toHaveProperty("context.rights");
});

test.each<[string, Asked, string]>([
  ["a name that is nobody's", { claim: { named: undefined } }, "unknown_tool"],
  ["a permission that the role lacks", { claim: { named: { permission: "x" } } }, "forbidden"],
  ["a role that does not exist", { role: "ghost" }, "forbidden"],
  ["a tool that the key leaves out", { restrictions: { tools: ["other"] } }, "forbidden"],
])("%s is unknown to the caller", async (_what, asked, reason) => {
  expect(await refusalIn(asked)).toEqual({
    ...{ kind: "unknown", reason, target: { kind: "tool", name: "orders_get" } },
  });
});

test("arguments that the key does not allow are refused with a sentence for each, and the rights stay", async () => {
  const constraints = { orders_get: { total: { max: 10 }, "lines.*.n": { min: 1 } } };
  const claim = { args: { total: 11, lines: [{ n: 0 }] } };
  const verdict = await decide({ claim, restrictions: { constraints } });
  expect(verdict.refusal).toEqual({
    kind: "constraint",
    problems: [
      "total: this API key allows only at most 10",
      "lines.*.n: this API key allows only at least 1",
    ],
  });
  expect(verdict).toHaveProperty("context.rights");
});

test("a refusal from further in stands", async () => {
  const constraints = { orders_get: { total: { max: 10 } } };
  const inner = { kind: "task_only" } as const;
  expect(await refusalIn({ restrictions: { constraints }, inner })).toEqual(inner);
});

test("nothing is asked further in for what is refused", async () => {
  const next = vi.fn();
  await t.run(async (ctx) =>
    rbac().decide(
      ctx as unknown as GateTx,
      {
        call: { method: "tools/call", protocol: "x", target: { kind: "tool", name: "x" } },
        ...{ args: {}, named: undefined, tool: undefined, principal, restrictions: {} },
      },
      next,
    ),
  );
  expect(next).not.toHaveBeenCalled();
});

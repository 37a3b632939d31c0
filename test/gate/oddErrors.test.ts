/** A ConvexError without a message is told by its data, also if that holds numbers that JSON does not have. */
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { ConvexError, v, type Value } from "convex/values";
import { expect, test } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalAction, internalMutation, internalQuery } from "../../convex/_generated/server";
import type { Tools } from "../../src/registry/tools";
import { newApp } from "../support/app";
import { callTool, issueKey, rows } from "../support/gate";

type Kind = "query" | "mutation" | "action";

const KINDS: Kind[] = ["query", "mutation", "action"];

const DATA: Readonly<Record<string, Value>> = {
  nan: { limit: NaN },
  endless: { kind: "limit", max: Infinity },
  alone: -Infinity,
  zero: { limit: -0 },
  nothing: null,
};

const TOLD: Readonly<Record<string, string>> = {
  nan: '{"limit":"NaN"}',
  endless: '{"kind":"limit","max":"Infinity"}',
  alone: '"-Infinity"',
  zero: '{"limit":0}',
  nothing: "null",
};

const args = { of: v.string() };

const fail = (_ctx: object, { of }: { of: string }): never => {
  throw new ConvexError(DATA[of]!);
};

const functions = {
  query: internalQuery({ args, handler: fail }),
  mutation: internalMutation({ args, handler: fail }),
  action: internalAction({ args, handler: fail }),
};

const line = (kind: Kind) => () => ({
  ...{ kind, permission: "products:read", description: "Fails." },
  ref: makeFunctionReference<Kind>(`probe:${kind}`) as unknown as FunctionReference<
    Kind,
    "internal"
  >,
  ...{ destructive: false, idempotent: false },
});

const tools: Tools = Object.fromEntries(KINDS.map((kind) => [kind, line(kind)]));

const newServer = async () => {
  const t = newApp({ registry: { tools }, functions: { probe: functions } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  return { t, ...(await issueKey(t)) };
};

test.each(KINDS.flatMap((kind) => Object.keys(DATA).map((of) => [kind, of] as const)))(
  "of a %s: %s",
  async (kind, of) => {
    const { t, key } = await newServer();
    const { isError, content } = await callTool(t, key, kind, { of });
    expect([isError, content[0]?.text]).toEqual([true, TOLD[of]]);
    const outcomes = (await rows(t, "toolgateAudit")).map(({ method, outcome }) => [
      method,
      outcome,
    ]);
    const expected = {
      query: ["tools/call", "answered"],
      mutation: ["tools/call", "failed"],
      action: ["job/end", "failed"],
    };
    expect(outcomes.at(-1)).toEqual(expected[kind]);
  },
);

/**
 * A Convex context whose functions answer from memory what the gate's functions would answer: everything that runs in the HTTP
 * action stays real, and no time goes into a database.
 */
import {
  getFunctionName,
  internalQueryGeneric,
  makeFunctionReference,
  type FunctionReference,
} from "convex/server";
import { v } from "convex/values";
import { listing } from "../../src/catalog/catalog";
import { defineToolgate, type Toolgate } from "../../src/registry/toolgate";
import { tool, type Tools } from "../../src/registry/tools";
import { DESCRIPTION } from "./peer";

const add = internalQueryGeneric({
  args: { a: v.number(), b: v.number() },
  returns: v.object({ sum: v.number() }),
  handler: async (_ctx, { a, b }) => ({ sum: a + b }),
});

const ref = makeFunctionReference<"query", { a: number; b: number }>("sums:add");

/** `names` as tools that add. */
export const registryOf = (names: readonly string[]): Tools<"sums:add"> => {
  const add = () => tool.query(ref, { permission: "sums:add", description: DESCRIPTION });
  return Object.fromEntries(names.map((name) => [name, add]));
};

export const serverOf = (tools: Tools<"sums:add">): Toolgate =>
  defineToolgate({
    ...{ name: "bench", version: "1", permissions: ["sums:add"], roles: () => ({}) },
    tools,
  });

const PRINCIPAL = { subject: "bench", tenant: "acme", role: "bench", keyId: "0123456789ab" };

const context = { principal: PRINCIPAL, rights: { permissions: ["sums:add"] } };

type Args = Readonly<Record<string, unknown>>;

/** The peers have their schemas checked, and Convex would check the validators. */
const sumOf = ({ a, b }: Args): { sum: number } => {
  if (typeof a !== "number" || typeof b !== "number") throw new Error("not numbers");
  return { sum: a + b };
};

type Run = (ref: FunctionReference<"query">, args: object) => Promise<unknown>;

/** What a server asks of Convex. */
export interface Ctx {
  readonly runQuery: Run;
  readonly runMutation: Run;
}

export const contextOf = (tools: Tools<"sums:add">): Ctx => {
  // Convex keeps it in its query cache, so it is made once.
  const listed = listing(serverOf(tools), { sums: { add } }).handler(undefined, {});
  const answer = (name: string, args: Args): unknown => {
    if (name === "toolgate/gate:admit") return { operation: "0123456789ab", context };
    if (name === "toolgate/catalog:list") return listed;
    if (name === "tokens:find") return PRINCIPAL;
    if (name === "sums:add") return sumOf(args);
    const sum = sumOf(JSON.parse(args.arguments as string) as Args);
    return { state: "succeeded", result: JSON.stringify(sum) };
  };
  const run: Run = async (called, args) => answer(getFunctionName(called), args as Args);
  return { runQuery: run, runMutation: run };
};

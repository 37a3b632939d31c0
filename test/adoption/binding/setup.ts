/** An app with functions of a test's own as tools, and a key for it. */
import { internal } from "../../../convex/_generated/api";
import type { Toolgate } from "../../../src/registry/toolgate";
import type { Tool, Tools } from "../../../src/registry/tools";
import { newApp, type Parts } from "../../support/app";
import { issueKey, type Backend, type ToolResult } from "../../support/gate";

// Not what is tested here, and a sharded bucket may refuse before it is empty.
process.env.TOOLGATE_LIMIT_SCALE = "1000";

/** The permission that these tools need; a test key has it. */
export const reads = { permission: "customers:read", description: "A test." } as const;
export const writes = { ...reads, destructive: false, idempotent: false } as const;

/** @param tools - bound to the module `own`. */
export const begin = async (
  tools: Readonly<Record<string, Tool>>,
  own: object,
  parts: Partial<Parts> = {},
  more: Partial<Toolgate> = {},
): Promise<{ t: Backend; key: string }> => {
  const registry: Partial<Toolgate> & { tools: Tools } = {
    ...more,
    tools: Object.fromEntries(Object.entries(tools).map(([name, one]) => [name, () => one])),
  };
  const t = newApp({ registry, functions: { own }, ...parts });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "Acme", currency: "EUR" });
  return { t, key: (await issueKey(t)).key };
};

export const textOf = ({ content }: ToolResult): string => content[0]!.text;

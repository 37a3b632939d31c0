/** The least server with tokens, as an HTTP action of the demo app: what it asks of Convex for the same calls. */
import { httpActionGeneric, httpRouter } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalQuery } from "../../convex/_generated/server";
import { newBackend, type Backend } from "../lib/backend";
import { recordingRoutes } from "../../test/support/recording/recorder";
import { hash, serveTokens, TOKEN, type CallTool } from "../peers/tokenFloor";

/** The tokens are kept as the keys of Toolgate are. */
const find = internalQuery({
  args: { hash: v.string() },
  handler: ({ db }, args) =>
    db
      .query("toolgateKeys")
      .withIndex("by_keyId", (q) => q.eq("keyId", args.hash))
      .unique(),
});

const functions = {
  stock_level: { kind: "runQuery", ref: internal.erp.stock.level },
  customers_create: { kind: "runMutation", ref: internal.erp.customers.create },
} as const;

const callTool: CallTool = (ctx, { name, arguments: args }, owner) => {
  const { kind, ref } = functions[name as keyof typeof functions];
  const { subject, tenant, role, keyId } = owner as Record<string, string>;
  const principal = { subject, tenant, role, keyId, operation: crypto.randomUUID() };
  return ctx[kind](ref as never, { ...args, principal });
};

const http = httpRouter();
http.route({
  ...{ path: "/mcp", method: "POST" },
  handler: httpActionGeneric(serveTokens({ tools: [] }, callTool) as never),
});

/** The demo app behind it, without data. */
export const newTokenBackend = () => newBackend({ http: recordingRoutes(http), tokens: { find } });

/** Adds a token for a key's owner. */
export const addToken = (t: Backend): Promise<string> =>
  t.run(async (ctx) => {
    const row = await ctx.db.query("toolgateKeys").first();
    if (row === null) throw new Error("no key");
    const { _id, _creationTime, ...fields } = row;
    await ctx.db.insert("toolgateKeys", { ...fields, keyId: await hash(TOKEN) });
    return TOKEN;
  });

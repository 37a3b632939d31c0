/** The least server with tokens, as an HTTP action of the demo app: what it asks of Convex for the same calls. */
import { httpActionGeneric, httpRouter } from "convex/server";
import { v } from "convex/values";
import { internal } from "../../convex/_generated/api";
import { internalQuery } from "../../convex/_generated/server";
import { issueKey, newBackend, storedKey } from "../lib/backend";
import { KEY } from "../peers/peer";
import { hash, serveTokens, type CallTool } from "../peers/tokenFloor";

/** The tokens are kept as the keys of Toolgate are. */
const find = internalQuery({
  args: { hash: v.string() },
  handler: ({ db }, args) =>
    db
      .query("toolgateKeys")
      .withIndex("by_keyId", (q) => q.eq("keyId", args.hash))
      .unique(),
});

const callTool: CallTool = (ctx, { name, arguments: args }, owner) => {
  const { subject, tenant, role, keyId } = owner as Record<string, string>;
  const principal = { subject, tenant, role, keyId, operation: crypto.randomUUID() };
  const { stock, customers } = internal.erp;
  return name === "stock_level"
    ? ctx.runQuery(stock.level as never, { ...args, principal })
    : ctx.runMutation(customers.create as never, { ...args, principal });
};

/** The demo app behind it, which knows one token: `KEY`. */
export const newTokenBackend = async () => {
  const http = httpRouter();
  const handler = httpActionGeneric(serveTokens({ tools: [] }, callTool) as never);
  http.route({ path: "/mcp", method: "POST", handler });
  const t = await newBackend(http, { tokens: { find } });
  await issueKey(t);
  const token = { ...(await storedKey(t)), keyId: await hash(KEY) };
  await t.run(({ db }) => db.insert("toolgateKeys", token));
  return t;
};

/** Tells which tools a key sees, and why it does not see the others. */
import { v, type Infer } from "convex/values";
import { isJobTool } from "../auth/approval";
import { isUnder } from "../auth/patterns";
import { whyUnusable } from "../auth/credential";
import { authorize, rightsOf, type Rights } from "../auth/rights";
import { gateReader, type Doc, type GateDataModel, type GateQueryCtx } from "../data/database";
import { entriesOf } from "../registry/entries";
import { isToolName, type Tool } from "../registry/tools";
import type { Toolgate } from "../registry/toolgate";
import { requireKey } from "./readKeys";

/** The validator of a tool's kind. */
export const toolKindValidator = v.union(
  v.literal("query"),
  v.literal("mutation"),
  v.literal("action"),
);

const seenValidator = v.object({
  tools: v.array(
    v.object({
      name: v.string(),
      /** Whether the key sees it, and may call it. */
      allowed: v.boolean(),
      /** Why not, as a sentence. */
      why: v.optional(v.string()),
      /** Whether somebody must approve a call of this key: `depends` if the app decides by the call. */
      approval: v.union(v.literal("never"), v.literal("always"), v.literal("depends")),
    }),
  ),
});

/** The tools of the registry, as one key sees them. */
export type SeenTools = Infer<typeof seenValidator>;

type Key = Doc<"toolgateKeys">;

/** The first that is in the way. In the words of `authorize`, which is the rule. */
const whyNot = (key: Key, rights: Rights, name: string, tool: Tool): string | undefined => {
  const state = whyUnusable(key, Date.now());
  if (state !== undefined) return `The key is ${state}.`;
  if (!isToolName(name)) return "No client can be shown this name.";
  if (authorize(rights, { kind: "tool", name }, tool)) return undefined;
  if (!rights.permissions.includes(tool.permission))
    return `The role ${key.role} does not hold ${tool.permission}.`;
  return rights.tools?.includes(name) === false
    ? "The key is for other tools."
    : "The key may only read.";
};

const approvalOf = (
  { approval }: Tool,
  isOfCaller: boolean,
): SeenTools["tools"][number]["approval"] => {
  if (approval === true || isOfCaller) return "always";
  return approval === undefined ? "never" : "depends";
};

/** The definition of `seenTools`. It throws ConvexError `not_found`. */
export const seenTools = (app: Pick<Toolgate, "tools" | "dir">) => ({
  args: { keyId: v.string() },
  returns: seenValidator,
  handler: async <Model extends GateDataModel>(
    ctx: GateQueryCtx<Model>,
    { keyId }: { keyId: string },
  ): Promise<SeenTools> => {
    const db = gateReader(ctx);
    const key = await requireKey(db, keyId);
    const rights = await rightsOf(db, key, { key });
    return {
      tools: entriesOf(app.tools).map(([name, tool]) => {
        const why = whyNot(key, rights, name, tool);
        const isOfCaller = isUnder(rights.approval ?? [], name) && !isJobTool(tool, app);
        const approval = approvalOf(tool, isOfCaller);
        return { name, allowed: why === undefined, ...(why !== undefined && { why }), approval };
      }),
    };
  },
});

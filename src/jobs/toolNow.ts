/** The definition of a tool: a call that somebody has approved runs only while its tool is the same. */
import { getFunctionName } from "convex/server";
import { digest } from "../base/digest";
import type { Failure } from "../data/call";
import type { Doc } from "../data/database";
import { findTool } from "../registry/registry";
import type { Toolgate } from "../registry/toolgate";
import type { Tool } from "../registry/tools";
import { explainWith, UNEXPLAINED } from "../run/explain";

/** What the caller reads if the tool is another one since. */
export const TOOL_CHANGED: Failure = {
  code: "tool_changed",
  message: "The tool changed meanwhile. Nothing was done; call it again.",
};

/** A digest of what a line says of how its function is called, and of the function's own arguments. Not of its texts. */
export const definitionOf = (tool: Tool, ofFunction = ""): Promise<string> => {
  const { kind, ref, permission, principal, job, input, paginated, idempotencyKey } = tool;
  const flags = [principal, job, input, paginated, idempotencyKey].map((flag) => flag === true);
  return digest([kind, getFunctionName(ref), permission, flags, ofFunction]);
};

/** The digest of a job's tool as it is defined now; undefined if there is none any more. */
export const definitionNow = async (
  tx: Parameters<typeof explainWith>[0],
  { tools, dir }: Pick<Toolgate, "tools" | "dir">,
  { tool: name, arguments: text = "{}", fixed }: Doc<"toolgateJobs">,
): Promise<string | undefined> => {
  const tool = findTool(tools, name);
  if (tool === undefined) return undefined;
  const { definition } = await explainWith(tx, dir, name, text, fixed).catch(() => UNEXPLAINED);
  return definitionOf(tool, definition);
};

/** The tools that a key or a role puts under approval. */
import { getFunctionName } from "convex/server";
import type { Tool } from "../registry/tools";
import { isUnder } from "./patterns";

/**
 * Whether it is one of the library's own tools for jobs. No key and no role puts them under approval: a caller under approval for
 * everything still sees what became of a call.
 */
export const isJobTool = ({ ref }: Pick<Tool, "ref">, { dir }: { readonly dir: string }): boolean =>
  [`${dir}/jobs:get`, `${dir}/jobs:stop`].includes(getFunctionName(ref));

/** Whether the patterns of a caller's key and role put each call of the tool under approval. */
export const isHeldFor = (
  patterns: readonly string[] | undefined,
  name: string,
  tool: Pick<Tool, "ref">,
  app: { readonly dir: string },
): boolean => patterns !== undefined && isUnder(patterns, name) && !isJobTool(tool, app);

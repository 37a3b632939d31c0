/** For tools that answer with more than a value: images, audio, embedded resources. */
import { v, type Infer } from "convex/values";

/** What such a tool declares as `returns`. It has no `outputSchema` then. */
export const contentValidator = () => v.object({ mcpContent: v.array(v.any()) });

/** One block (MCP schema, `ContentBlock`). It is sent as it is; its shape is not checked. */
export interface ContentBlock {
  readonly type: "text" | "image" | "audio" | "resource" | "resource_link";
  readonly [member: string]: unknown;
}

/** The return value of a tool that answers with these blocks. */
export const content = (
  ...blocks: readonly ContentBlock[]
): Infer<ReturnType<typeof contentValidator>> => ({
  mcpContent: [...blocks],
});

/** Content blocks, for tools that answer with more than a value: images, audio, embedded resources. */
import { v, type Infer } from "convex/values";

/** The validator that such a tool declares as `returns`. The tool then has no `outputSchema`. */
export const contentValidator = () => v.object({ mcpContent: v.array(v.any()) });

/** One block (MCP schema, `ContentBlock`). It is sent as it is, and its shape is not checked. */
export interface ContentBlock {
  readonly type: "text" | "image" | "audio" | "resource" | "resource_link";
  readonly [member: string]: unknown;
}

/** Makes the return value of a tool that answers with these blocks. */
export const content = (
  ...blocks: readonly ContentBlock[]
): Infer<ReturnType<typeof contentValidator>> => ({
  mcpContent: [...blocks],
});

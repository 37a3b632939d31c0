/** Tools as `tools/list` shows them. */
import { isObject, type Params } from "../../src/wire/jsonrpc";

export interface ListedTool {
  readonly name: string;
  readonly annotations?: { readonly readOnlyHint?: boolean };
  readonly inputSchema?: { readonly required?: readonly string[] };
}

export interface ToolPage {
  readonly tools: readonly ListedTool[];
  /** False if more pages follow. */
  readonly isWhole: boolean;
}

const isTool = (tool: unknown): tool is ListedTool =>
  isObject(tool) && typeof tool.name === "string";

/** Reads a page of tools from the result of `tools/list`. Items that are no tools are left out. */
export const pageOf = ({ tools, nextCursor }: Params): ToolPage => ({
  tools: Array.isArray(tools) ? tools.filter(isTool) : [],
  isWhole: nextCursor === undefined,
});

/** Whether the tool says that it only reads. The server is trusted in this. */
export const isReadOnly = ({ annotations }: ListedTool): boolean =>
  annotations?.readOnlyHint === true;

/** Whether the tool requires no arguments. */
export const needsNothing = ({ inputSchema }: ListedTool): boolean =>
  (inputSchema?.required ?? []).length === 0;

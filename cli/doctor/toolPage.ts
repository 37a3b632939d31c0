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

/** What is no tool in it is left out. */
export const pageOf = ({ tools, nextCursor }: Params): ToolPage => ({
  tools: Array.isArray(tools) ? tools.filter(isTool) : [],
  isWhole: nextCursor === undefined,
});

export const isReadOnly = ({ annotations }: ListedTool): boolean =>
  annotations?.readOnlyHint === true;

/** Whether it may be called without arguments. */
export const needsNothing = ({ inputSchema }: ListedTool): boolean =>
  (inputSchema?.required ?? []).length === 0;

/** The `_meta` of a tool: what its line states there, and what the server says by itself. */
import { isJson } from "../base/json";
import { MAX_RESULT } from "../data/outcome";
import type { Resources } from "../registry/resources";
import type { Tool } from "../registry/tools";
import { viewMeta } from "../registry/views";
import { requireView } from "./view";

/** Claude Code puts a result of more than 50,000 characters into a file, unless the tool says here that it may be longer. */
const MAX_CHARS = "anthropic/maxResultSizeChars";

/** Key → where it is stated instead. */
const OWN: Readonly<Record<string, string>> = {
  [MAX_CHARS]: "maxResultChars",
  ui: "ui",
  "ui/resourceUri": "ui",
};

/** Key names of MCP 2025-11-25, `_meta`: labels with dots and a slash, both optional, before a name. */
const KEY =
  /^(?:[A-Za-z](?:[\w-]*[A-Za-z\d])?(?:\.[A-Za-z](?:[\w-]*[A-Za-z\d])?)*\/)?(?:[A-Za-z\d](?:[\w.-]*[A-Za-z\d])?)?$/;

/** Prefixes that the specification keeps for itself, and that of this library. */
const RESERVED = /^(?:[^/]*\.)?(?:modelcontextprotocol|mcp)(?:\.[^/]*)?\/|^toolgate\//;

const faultOf = (key: string, value: unknown): string | undefined => {
  const instead = Object.hasOwn(OWN, key) ? OWN[key] : undefined;
  if (instead !== undefined)
    return `the server sets "${key}" by itself: state \`${instead}\` in the line`;
  if (RESERVED.test(key)) return `"${key}" has a prefix that is not yours: choose one of your own`;
  if (key === "" || !KEY.test(key)) return `"${key}" is no key of _meta: see MCP 2025-11-25, _meta`;
  return isJson(value) ? undefined : `"${key}" holds what JSON cannot: text, numbers and the like`;
};

const sizeMeta = (name: string, { maxResultChars: most }: Tool): object => {
  if (most === undefined) return {};
  if (Number.isInteger(most) && most > 0 && most <= MAX_RESULT) return { [MAX_CHARS]: most };
  throw new Error(
    `Tool ${name}: maxResultChars: expected an integer from 1 to ${String(MAX_RESULT)}`,
  );
};

const uiMeta = (name: string, { ui }: Tool, resources: Resources): object => {
  if (ui === undefined) return {};
  requireView(name, ui, resources);
  return viewMeta(ui);
};

/**
 * Makes the `_meta` of a tool.
 *
 * @param name - of the tool, for error messages.
 * @param resources - where its view is.
 * @returns undefined if there is nothing to say.
 * @throws Error that names the tool if its line states a key that is the server's, or a value that JSON cannot hold, or a
 * `maxResultChars` that is out of range, or a view that is none.
 */
export const toolMeta = (name: string, tool: Tool, resources: Resources): object | undefined => {
  const { meta = {} } = tool;
  const fault = Object.entries(meta)
    .map(([key, value]) => faultOf(key, value))
    .find((one) => one !== undefined);
  if (fault !== undefined) throw new Error(`Tool ${name}: meta: ${fault}`);
  const all = { ...meta, ...sizeMeta(name, tool), ...uiMeta(name, tool, resources) };
  return Object.keys(all).length > 0 ? all : undefined;
};

/** Reads the command line. No message quotes a value, because it may be the key in the wrong place. */
import { withoutKeys } from "../../src/base/text";
import { isObject, type Params } from "../../src/wire/jsonrpc";
import { parseStrictJson } from "../../src/wire/strictJson";
import { UsageError } from "../operate/run";
import type { NamedCall, Target } from "./target";

/** The options as commander returns them. */
export interface Options {
  readonly key?: string;
  readonly origin?: string;
  readonly tool?: string;
  readonly arguments?: string;
  readonly streamTool?: string;
  readonly streamArguments?: string;
  readonly writeTool?: string;
  readonly writeArguments?: string;
  readonly json?: true;
}

/** Whether a URL holds what only its user may know. `text` is the URL as it was typed. */
export const holdsSecret = ({ username, password }: URL, text: string): boolean =>
  username !== "" || password !== "" || withoutKeys(text) !== text;

const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError("Give the URL as https://<deployment>.convex.site/mcp");
  }
  if (holdsSecret(url, text))
    throw new UsageError("A key belongs into TOOLGATE_KEY, not into the URL");
  return url;
};

const originOf = (text: string): string => {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new UsageError("Give --origin as a page sends it: https://app.example.com");
};

const objectOf = (text: string, flag: string): Params => {
  const parsed = parseStrictJson(text);
  if ("flaw" in parsed) throw new UsageError(`Give ${flag} as a JSON object: ${parsed.flaw}`);
  if (isObject(parsed.value)) return parsed.value;
  throw new UsageError(`Give ${flag} as a JSON object`);
};

const callOf = (
  name: string | undefined,
  text: string | undefined,
  flag: "--" | "--stream-" | "--write-",
): NamedCall | undefined => {
  if (name !== undefined) return { name, arguments: objectOf(text ?? "{}", `${flag}arguments`) };
  if (text === undefined) return undefined;
  throw new UsageError(`Give ${flag}tool with ${flag}arguments`);
};

/** An empty variable counts as unset. A line break at the end, from a file, is removed. */
const keyOf = ({ key }: Options): string | undefined => {
  const text = (key ?? process.env.TOOLGATE_KEY ?? "").trim();
  return text === "" ? undefined : text;
};

/**
 * Reads the target from the command line and from TOOLGATE_KEY. Whether the key has the right form is not checked.
 *
 * @param url - as the user typed it.
 * @throws UsageError if the URL, the origin or the arguments of a tool are malformed, or the URL holds a secret.
 */
export const targetOf = (url: string, options: Options): Target => {
  const key = keyOf(options);
  const tool = callOf(options.tool, options.arguments, "--");
  const streamTool = callOf(options.streamTool, options.streamArguments, "--stream-");
  const writeTool = callOf(options.writeTool, options.writeArguments, "--write-");
  return {
    url: urlOf(url),
    ...(key !== undefined && { key }),
    ...(options.origin !== undefined && { origin: originOf(options.origin) }),
    ...(tool !== undefined && { tool }),
    ...(streamTool !== undefined && { streamTool }),
    ...(writeTool !== undefined && { writeTool }),
  };
};

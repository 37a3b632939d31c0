/** What the command line says, read. No message quotes a value: it may be the key, in the wrong place. */
import { withoutKeys } from "../../src/base/text";
import { isObject, type Params } from "../../src/wire/jsonrpc";
import type { NamedCall, Target } from "./target";

/** The options as commander gives them. */
export interface Options {
  readonly key?: string;
  readonly origin?: string;
  readonly tool?: string;
  readonly arguments?: string;
  readonly streamTool?: string;
  readonly streamArguments?: string;
  readonly json?: true;
}

/** A wrong use. `message` says what to give. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError("Give the URL as https://<deployment>.convex.site/mcp");
  }
  const isSecret = url.username !== "" || url.password !== "" || withoutKeys(text) !== text;
  if (isSecret) throw new UsageError("A key belongs into TOOLGATE_KEY, not into the URL");
  return url;
};

const originOf = (text: string): string => {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new UsageError("Give --origin as a page sends it: https://app.example.com");
};

const objectOf = (text: string, flag: string): Params => {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new UsageError(`Give ${flag} as a JSON object`);
};

const callOf = (
  name: string | undefined,
  text: string | undefined,
  flag: "--" | "--stream-",
): NamedCall | undefined => {
  if (name !== undefined) return { name, arguments: objectOf(text ?? "{}", `${flag}arguments`) };
  if (text === undefined) return undefined;
  throw new UsageError(`Give ${flag}tool with ${flag}arguments`);
};

/** An empty variable counts as unset, and a file's last line break belongs to no key. */
const keyOf = ({ key }: Options): string | undefined => {
  const text = (key ?? process.env.TOOLGATE_KEY ?? "").trim();
  return text === "" ? undefined : text;
};

/**
 * What to examine.
 *
 * @param url - as it was given.
 * @throws UsageError
 */
export const targetOf = (url: string, options: Options): Target => {
  const key = keyOf(options);
  const tool = callOf(options.tool, options.arguments, "--");
  const streamTool = callOf(options.streamTool, options.streamArguments, "--stream-");
  return {
    url: urlOf(url),
    ...(key !== undefined && { key }),
    ...(options.origin !== undefined && { origin: originOf(options.origin) }),
    ...(tool !== undefined && { tool }),
    ...(streamTool !== undefined && { streamTool }),
  };
};

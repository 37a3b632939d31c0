/** Calls tools over HTTP in tests, as an agent does, through the chain and all. */
import type { TestBackend } from "./backend";

/** How to call. */
export interface CallOptions {
  /** The path of the endpoint. Default: `/mcp`. */
  readonly path?: string;
  /** Whether a result with `isError` throws. Default: false. */
  readonly orThrow?: boolean;
}

/** The result of a tool. */
export interface TestResult<T> {
  /** Whether the function refused or failed, or its arguments are wrong. `text` says why. */
  readonly isError: boolean;
  /** What the function returned; `{ result: … }` around what is no object. Undefined if `isError`. Its type is not checked. */
  readonly structuredContent: T;
  /** The text that the model reads: the value as JSON, or `code: message`. */
  readonly text: string;
  /** All blocks of content, images among them. */
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  /** What `toolgate/…` says of the call, such as its operation. */
  readonly _meta: Readonly<Record<string, unknown>>;
}

/** A tool as `tools/list` shows it. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

interface Reply {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

const replyIn = (text: string): Reply => {
  try {
    return JSON.parse(text) as Reply;
  } catch {
    return {};
  }
};

/** Sends a request and returns its result. @throws Error if the server refuses it */
const request = async (
  t: TestBackend,
  key: string,
  { path = "/mcp" }: CallOptions,
  method: string,
  params: object,
) => {
  const response = await t.fetch(path, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      // An action would answer with a stream else.
      accept: "application/json",
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const text = await response.text();
  const { result, error } = replyIn(text);
  if (result !== undefined) return result;
  const why = error === undefined ? text.slice(0, 500) : `${error.message} (${error.code})`;
  throw new Error(`${method} at ${path}: HTTP ${response.status}, ${why}`);
};

/**
 * Calls a tool. An action's runs as a job, so it needs real timers.
 *
 * @param t - what `convexTest(schema, modules)` returns.
 * @param key - from `issueKey`.
 * @returns its result. One with `isError` is a result, too.
 * @throws Error with the server's words if the server refuses the call: the key is wrong, or there is no such tool for it. With
 * `orThrow`, also if the result has `isError`.
 */
export const callTool = async <T = Readonly<Record<string, unknown>>>(
  t: TestBackend,
  key: string,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<TestResult<T>> => {
  const params = { name, arguments: args };
  const result = await request(t, key, options, "tools/call", params);
  const {
    content = [],
    structuredContent,
    isError = false,
    _meta = {},
  } = result as Partial<TestResult<T>>;
  const text = content.map((block) => block.text ?? "").join("\n");
  if (isError && options.orThrow === true) throw new Error(`${name}: ${text}`);
  return { isError, structuredContent: structuredContent as T, text, content, _meta };
};

/**
 * Lists the tools that a key may call.
 *
 * @throws Error with the server's words if the key is wrong.
 */
export const listTools = async (
  t: TestBackend,
  key: string,
  options: CallOptions = {},
): Promise<readonly ListedTool[]> => {
  const tools: ListedTool[] = [];
  let cursor: unknown;
  do {
    const params = cursor === undefined ? {} : { cursor };
    const page = await request(t, key, options, "tools/list", params);
    tools.push(...(page.tools as readonly ListedTool[]));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
};

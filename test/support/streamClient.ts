/** A client that keeps what it hears and when, over a socket or straight into convex-test. */
import { createParser } from "eventsource-parser";
import { expect } from "vitest";
import { bearer, jsonHeaders, type Backend, type ToolResult } from "./gate";
import { CAPABILITIES_KEY, MODERN, modernHeaders, VERSION_KEY } from "./speak";

export const TASKS = "io.modelcontextprotocol/tasks";

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: ToolResult & Readonly<Record<string, unknown>>;
  readonly error?: { code: number; message: string; data?: unknown };
}

/** How a request is spoken. */
export interface Speech {
  readonly era?: "legacy" | "modern";
  readonly id?: string | number;
  /** Modern only: declares the tasks extension. */
  readonly tasks?: boolean;
  /** Modern only: the name that the client gives itself. */
  readonly client?: string;
  readonly progressToken?: string | number;
  readonly accept?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

type Params = Readonly<Record<string, unknown>>;

const metaOf = ({ era, tasks = false, client, progressToken }: Speech): object => ({
  ...(era === "modern" && {
    [VERSION_KEY]: MODERN,
    [CAPABILITIES_KEY]: tasks ? { extensions: { [TASKS]: {} } } : {},
    ...(client === undefined
      ? {}
      : { "io.modelcontextprotocol/clientInfo": { name: client, version: "1" } }),
  }),
  ...(progressToken === undefined ? {} : { progressToken }),
});

const headersOf = (method: string, { name, taskId }: Params, { era }: Speech) => {
  const named = name ?? taskId;
  if (era !== "modern") return {};
  return modernHeaders(method, typeof named === "string" ? named : undefined);
};

/** The request as `fetch` takes it. */
const requestOf = (
  key: string,
  method: string,
  params: Params,
  speech: Speech = {},
): RequestInit => {
  const { id = 1, accept, headers, signal } = speech;
  return {
    method: "POST",
    headers: {
      ...{ ...jsonHeaders, ...bearer(key), ...headersOf(method, params, speech) },
      ...(accept === undefined ? {} : { accept }),
      ...headers,
    },
    body: JSON.stringify({
      ...{ jsonrpc: "2.0", id, method },
      params: { ...params, _meta: metaOf(speech) },
    }),
    ...(signal ? { signal } : {}),
  };
};

/** An answer as it comes. */
export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly messages: Message[];
  readonly comments: string[];
  /** When bytes came, in milliseconds since 1970. */
  readonly times: number[];
  /** Resolves when the answer is complete, or the connection is cut. */
  readonly ended: Promise<Heard>;
}

/** The response among the messages; fails unless it is the only one, and the last message. */
export const responseOf = ({ messages }: Heard): Message => {
  const responses = messages.filter(({ method }) => method === undefined);
  if (responses.length !== 1 || responses[0] !== messages.at(-1)) {
    expect.fail(`not one response at the end: ${JSON.stringify(messages)}`);
  }
  return responses[0]!;
};

export const progressOf = ({ messages }: Heard): Record<string, unknown>[] =>
  messages
    .filter(({ method }) => method === "notifications/progress")
    .map(({ params = {} }) => params);

const readStream = async (response: Response, heard: Omit<Heard, "ended">): Promise<void> => {
  const parser = createParser({
    onEvent: ({ data }) => heard.messages.push(JSON.parse(data) as Message),
    onComment: (comment) => heard.comments.push(comment),
    onError: (error) => {
      throw error;
    },
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = response.body!.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    heard.times.push(performance.timeOrigin + performance.now());
    parser.feed(decoder.decode(part.value, { stream: true }));
  }
};

const isCut = (error: unknown): boolean =>
  error instanceof Error && (error.name === "AbortError" || error.message === "terminated");

/** Reads a response, JSON or events, as it comes. */
const hear = (response: Response): Heard => {
  const { status, headers } = response;
  const heard: Omit<Heard, "ended"> = {
    ...{ status, headers, messages: [], comments: [], times: [] },
  };
  const isStream = headers.get("content-type") === "text/event-stream";
  const read = isStream
    ? readStream(response, heard)
    : response.text().then((text) => {
        if (text !== "") heard.messages.push(JSON.parse(text) as Message);
      });
  const ended = read.then(
    () => whole,
    (error: unknown) => {
      if (isCut(error)) return whole;
      throw error;
    },
  );
  const whole: Heard = { ...heard, ended };
  return whole;
};

/** Where to send to: a socket or a backend in this process. */
export type Target = URL | Backend;

const sendTo = (target: Target, init: RequestInit): Promise<Response> =>
  target instanceof URL ? fetch(target, init) : target.fetch("/mcp", init);

/** Sends a request; resolves with the head of its answer. */
export const ask = async (
  target: Target,
  key: string,
  method: string,
  params: Params = {},
  speech: Speech = {},
): Promise<Heard> => hear(await sendTo(target, requestOf(key, method, params, speech)));

/** Sends a `tools/call`; resolves with the head of its answer. */
export const open = (
  target: Target,
  key: string,
  name: string,
  args: object = {},
  speech: Speech = {},
): Promise<Heard> => ask(target, key, "tools/call", { name, arguments: args }, speech);

/** Asks and waits for the response. */
export const reply = async (...args: Parameters<typeof ask>): Promise<Message> =>
  responseOf(await (await ask(...args)).ended);

/** Calls a tool and waits for its result. */
export const call = async (...args: Parameters<typeof open>): Promise<ToolResult> => {
  const response = responseOf(await (await open(...args)).ended);
  if (response.result === undefined) throw new Error(JSON.stringify(response));
  return response.result;
};

/** A legacy notification. */
export const notify = async (
  target: Target,
  key: string,
  method: string,
  params: object,
  headers: Record<string, string> = {},
): Promise<number> => {
  const response = await sendTo(target, {
    method: "POST",
    headers: { ...jsonHeaders, ...bearer(key), ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", method, params }),
  });
  await response.text();
  return response.status;
};

export const asTask: Speech = { era: "modern", tasks: true };

const startTask = async (target: Target, key: string, name: string, args: object) => {
  const response = await reply(target, key, "tools/call", { name, arguments: args }, asTask);
  if (response.result === undefined) throw new Error(JSON.stringify(response));
  return response.result;
};

/** Starts a long tool that nobody waits for. */
export const start = async (
  target: Target,
  key: string,
  name = "slow",
  args: object = {},
): Promise<string> => {
  const result = await startTask(target, key, name, args);
  if (result.resultType !== "task") throw new Error(`no task: ${JSON.stringify(result)}`);
  return result.taskId as string;
};

/** Calls a long tool as a task, and asks after it more often than it should: quicker than a stream. */
export const finish = async (
  target: Target,
  key: string,
  name: string,
  args: object = {},
): Promise<ToolResult> => {
  const { taskId, ...started } = await startTask(target, key, name, args);
  if (taskId === undefined) return started;
  let result: unknown;
  await until(async () => {
    const seen = await reply(target, key, "tasks/get", { taskId }, asTask);
    const { result: ended, error } = seen.result as {
      result?: unknown;
      error?: { message: string };
    };
    // A task that has failed has an error instead.
    result = error ? { isError: true, content: [{ type: "text", text: error.message }] } : ended;
    return seen.result!.status !== "working";
  });
  return result as ToolResult;
};

const tick = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `check` is true. */
export const until = async (check: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> => {
  for (let waited = 0; !(await check()); waited += 20) {
    if (waited > ms) throw new Error(`still not after ${ms} ms: ${check.toString()}`);
    await tick(20);
  }
};

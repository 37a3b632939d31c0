/** A client that gives up on its own, and a model that does what the answers tell it. */
import type { ToolResult } from "./gate";
import { open, responseOf, type Speech, type Target } from "./streamClient";

/** When the client closes a request by itself, and how it speaks. */
export interface Client {
  readonly target: Target;
  readonly key: string;
  readonly givesUpAfterMs: number;
  readonly speech: Speech;
  /** Where the model reads: some clients show it the structured content alone. */
  readonly reads: "text" | "structured";
}

/** @throws Error if the client gave up before the answer was there. */
const ask = async (client: Client, name: string, args: object): Promise<ToolResult> => {
  const patience = new AbortController();
  const timer = setTimeout(() => {
    patience.abort();
  }, client.givesUpAfterMs);
  try {
    const speech = { ...client.speech, signal: patience.signal };
    const { result } = responseOf(
      await (
        await open(client.target, client.key, name, args, speech)
      ).ended,
    );
    if (patience.signal.aborted || result === undefined) throw new Error(`gave up on ${name}`);
    return result;
  } finally {
    clearTimeout(timer);
  }
};

/** What an answer tells the model to call; undefined if it tells nothing. */
const told = (text: string): { name: string; args: object } | undefined => {
  const [, name, args] = /Call (\w+) with (\{.*?\}) now/.exec(text) ?? [];
  return name === undefined || args === undefined
    ? undefined
    : { name, args: JSON.parse(args) as object };
};

export interface Obeyed {
  readonly last: ToolResult;
  /** The number of requests, the first included. */
  readonly requests: number;
}

/** Calls a long tool, then does what it is told, until that is done. */
export const obey = async (client: Client, name: string, args: object = {}): Promise<Obeyed> => {
  let last = await ask(client, name, args);
  let requests = 1;
  const { content, structuredContent } = last;
  const said = client.reads === "text" ? content[0]!.text : structuredContent?.next;
  const next = told(typeof said === "string" ? said : "");
  if (next === undefined) return { last, requests };
  do {
    last = await ask(client, next.name, next.args);
    requests++;
  } while (["queued", "working"].includes(String(last.structuredContent?.state)));
  return { last, requests };
};

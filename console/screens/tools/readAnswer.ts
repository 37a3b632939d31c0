/** Reads the answer to a call as it comes: one JSON text, or an event stream. */
import { EventSourceParserStream } from "eventsource-parser/stream";

/** One message of the answer, with the time since the call was sent, in milliseconds. */
export interface Part {
  readonly ms: number;
  /** The message: JSON text, indented; what came, if it is no JSON. */
  readonly text: string;
  /** What the tool itself says in it, for people; absent if it says nothing. */
  readonly said?: string;
  readonly kind: "result" | "failed" | "error" | "told";
}

export interface Head {
  readonly status: number;
  readonly isStream: boolean;
}

type Tell = (part: Omit<Part, "ms">) => void;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A tool that failed is a result too; `error` is for calls that never reached it. */
const kindOf = (message: unknown): Part["kind"] => {
  if (!isObject(message)) return "error";
  if ("error" in message) return "error";
  if (!("result" in message)) return "told";
  return isObject(message.result) && message.result.isError === true ? "failed" : "result";
};

const textsIn = (content: unknown): string =>
  (Array.isArray(content) ? content : [])
    .map((block: unknown) => (isObject(block) && typeof block.text === "string" ? block.text : ""))
    .filter((text) => text !== "")
    .join("\n\n");

/** The structured result, or the texts; of progress and log messages what they tell. */
const saidIn = (message: unknown): string | undefined => {
  if (!isObject(message)) return undefined;
  const { result, error, params } = message;
  if (isObject(result)) {
    const { structuredContent, content } = result;
    if (structuredContent !== undefined) return JSON.stringify(structuredContent, null, 2);
    return textsIn(content) || undefined;
  }
  if (isObject(error) && typeof error.message === "string") return error.message;
  if (!isObject(params)) return undefined;
  return JSON.stringify(params, null, 2);
};

/** Shows one message. Text that is no JSON is shown as it is. */
const partOf = (text: string): Omit<Part, "ms"> => {
  try {
    const message: unknown = JSON.parse(text);
    const said = saidIn(message);
    return {
      ...{ text: JSON.stringify(message, null, 2), kind: kindOf(message) },
      ...(said !== undefined && { said }),
    };
  } catch {
    return { text, kind: "error" };
  }
};

const readStream = async (body: ReadableStream<Uint8Array>, tell: Tell): Promise<void> => {
  const events = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (value.data !== "") tell(partOf(value.data));
  }
};

const isEventStream = ({ headers }: Response): boolean =>
  headers.get("content-type")?.startsWith("text/event-stream") === true;

/** @param tell - is told each message when it has come. */
export const readAnswer = async (
  response: Response,
  head: (head: Head) => void,
  tell: Tell,
): Promise<void> => {
  const isStream = isEventStream(response);
  head({ status: response.status, isStream });
  if (isStream && response.body !== null) return readStream(response.body, tell);
  const text = await response.text();
  tell(text === "" ? { text: "(no body)", kind: "error" } : partOf(text));
};

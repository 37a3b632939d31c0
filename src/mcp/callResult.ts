/** Writes outcomes as `CallToolResult` (MCP schema). */
import { MAX_RESULT, type Ended } from "../data/outcome";
import type { Progress } from "../data/values";
import { MAX_WAIT_SECONDS } from "../registry/jobTools";
import type { Tool } from "../registry/tools";
import { JsonText } from "../wire/jsonText";
import { isObject } from "../wire/jsonrpc";

const text = (value: string) => [{ type: "text", text: value }];

/** The text for the model when a result is too long to send. */
const tooLong = (tool: Tool): string => {
  const limit = `more than ${String(MAX_RESULT / 1024)} KiB`;
  return tool.kind === "query"
    ? `The result is ${limit}. Ask for less: a narrower filter or a smaller limit.`
    : `Done and recorded, but the result is ${limit} and was left out. Do not call again; read it with a tool that reads.`;
};

/** The result of a failed tool. The code `failed` is not shown; any other code stands before the message. */
export const failureResult = (code: string, message: string): object => ({
  content: text(code === "failed" ? message : `${code}: ${message}`),
  isError: true,
});

/** The content blocks of a result made with `content` (see registry/content.ts); undefined for any other result. */
const contentIn = (result: string): readonly unknown[] | undefined => {
  if (!result.includes('"mcpContent"')) return undefined;
  const value = JSON.parse(result) as unknown;
  return isObject(value) && Array.isArray(value.mcpContent) ? value.mcpContent : undefined;
};

/**
 * The result of a call that has ended. A return value that is not an object is wrapped as `{ result }`, since `structuredContent`
 * must be an object before 2026-07-28. The text block repeats the same JSON.
 */
export const endedResult = (outcome: Ended, tool: Tool): object => {
  if (outcome.state === "failed") return failureResult(outcome.code, outcome.message);
  if (outcome.result === null) return { content: text(tooLong(tool)), isError: true };
  const blocks = contentIn(outcome.result);
  if (blocks !== undefined) return { content: blocks };
  const object = outcome.result.startsWith("{") ? outcome.result : `{"result":${outcome.result}}`;
  return {
    content: text(object),
    structuredContent: new JsonText(object),
    ...(outcome.state === "replayed" ? { _meta: { "toolgate/replayed": true } } : {}),
  };
};

const howFar = ({ done, total, message }: Progress): string =>
  ` (${String(done)}${total === undefined ? "" : ` of ${String(total)}`}${message === undefined ? "" : `, ${message}`})`;

/**
 * The result of a call whose job still runs. It tells the model that the job goes on, and how to get its result. Some clients show the
 * model the structured content alone, so that says it too. Its schema is `runningSchema` of the catalog.
 *
 * @param readTool - the tool that shows a job, if the caller may use it.
 * @param hasKey - whether the call had an idempotency key. Then a second call with the key joins the job.
 */
export const runningResult = (
  jobId: string,
  progress: Progress | undefined,
  readTool: string | undefined,
  hasKey: boolean,
): object => {
  const again = hasKey
    ? "Call again with the same idempotencyKey to wait for its result."
    : "Read the data later to see what it did.";
  const then =
    readTool === undefined
      ? again
      : `Call ${readTool} with {"jobId":"${jobId}","waitSeconds":${String(MAX_WAIT_SECONDS)}} now, and again while its state is "queued" or "working". It then gives the result.`;
  const next = `The job goes on; do not start it again. ${then}`;
  return {
    content: text(`Not finished yet${progress === undefined ? "" : howFar(progress)}. ${next}`),
    structuredContent: { jobId, state: "working", next },
  };
};

/** Writes outcomes as `CallToolResult` (MCP schema). */
import { MAX_RESULT, RESULT_CHARS, type Ended } from "../data/outcome";
import type { Watched } from "../jobs/read";
import type { Progress } from "../data/values";
import { MAX_WAIT_SECONDS } from "../registry/jobTools";
import type { Tool } from "../registry/tools";
import { JsonText } from "../wire/jsonText";
import { isObject } from "../wire/jsonrpc";
import { withMeta } from "./operation";

const text = (value: string) => [{ type: "text", text: value }];

/** With a comma before each three digits. Convex promises no `Intl`. */
const count = (number: number): string => String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");

/**
 * The answer in place of a result that is too long to send.
 *
 * @param chars - of the result; undefined if it was too long to keep.
 */
const tooLong = ({ kind, maxResultChars = RESULT_CHARS }: Tool, chars?: number): object => {
  const size = chars === undefined ? `more than ${String(MAX_RESULT / 1024)} KiB` : count(chars);
  const most = `${count(maxResultChars)} characters are sent`;
  const result = `the result is ${size}${chars === undefined ? "" : " characters"}, and at most ${most}`;
  const says =
    kind === "query"
      ? `T${result.slice(1)}. Ask for less.`
      : `Done and recorded, but ${result}: it was left out. Do not call again; read it with a tool that reads.`;
  return { content: text(says), isError: true };
};

/**
 * The characters of blocks that a model reads as text. Images, audio and other bytes are shown in other ways, so they count only against
 * `MAX_RESULT`.
 */
const charsIn = (blocks: readonly unknown[]): number => {
  const texts = blocks.flatMap((block) => {
    const { text: own, resource } = isObject(block) ? block : {};
    return [own, isObject(resource) ? resource.text : undefined];
  });
  return texts.reduce<number>((sum, one) => sum + (typeof one === "string" ? one.length : 0), 0);
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
 * must be an object before 2026-07-28. The text block repeats the same JSON, which is counted once: clients show their model one of the two.
 * A result that is too long for the tool becomes a failure that says so.
 */
export const endedResult = (outcome: Ended, tool: Tool): object => {
  if (outcome.state === "failed") return failureResult(outcome.code, outcome.message);
  if (outcome.result === null) return tooLong(tool);
  const { maxResultChars = RESULT_CHARS } = tool;
  const blocks = contentIn(outcome.result);
  if (blocks !== undefined) {
    const chars = charsIn(blocks);
    return chars > maxResultChars ? tooLong(tool, chars) : { content: blocks };
  }
  const object = outcome.result.startsWith("{") ? outcome.result : `{"result":${outcome.result}}`;
  if (object.length > maxResultChars) return tooLong(tool, object.length);
  return {
    content: text(object),
    structuredContent: new JsonText(object),
    ...(outcome.state === "replayed" ? { _meta: { "toolgate/replayed": true } } : {}),
  };
};

/** Says of the result of a call that somebody has approved when that was, as ISO 8601. Who it was is not for the caller. */
export const approvedBy = (result: object, approval: Watched["approval"]): object => {
  const { decision } = approval ?? {};
  if (decision?.verdict !== "approved") return result;
  return withMeta(result, { "toolgate/approved": new Date(decision.at).toISOString() });
};

const howFar = ({ done, total, message }: Progress): string =>
  ` (${String(done)}${total === undefined ? "" : ` of ${String(total)}`}${message === undefined ? "" : `, ${message}`})`;

/**
 * The result of a call whose job still runs. It tells the model that the job goes on, and how to get its result. Some clients show the
 * model the structured content alone, so that says it too. Its schema is `jobSchema` of the catalog.
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

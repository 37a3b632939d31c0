/**
 * A job that asks again under the same key: an answer counts for the question that it was given to, however often it is sent.
 *
 * @spec MCP 2026-07-28 basic/patterns/mrtr
 * @spec MCP 2026-07-28 extension io.modelcontextprotocol/tasks (SEP-2663)
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { internalAction } from "../../convex/_generated/server";
import { inputHandle } from "../../src/asking/handle";
import { inputValidator } from "../../src/data/arguments";
import { tool } from "../../src/registry/tools";
import { newApp } from "../support/app";
import { accept, ALL, form, modern } from "../support/askingApp";
import { issueKey, type Backend } from "../support/gate";
import { ref, writes } from "../support/statedApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

let t: Backend;
let key: string;
/** Rows come in between the question and the run that has its answer. */
let rowsThere: number;

const line = { ...writes, ...({ input: true } as object) };
const tools = { deletes: () => tool.action(ref<"action">("deletes"), line) };

const functions = {
  deletes: internalAction({
    args: { input: inputValidator() },
    handler: async (_ctx, { input }) => {
      const question = `Delete ${String(rowsThere)} rows?`;
      const { sure } = await inputHandle(input).ask({ sure: form(question, "word") });
      return [question, sure];
    },
  }),
};

beforeEach(async () => {
  rowsThere = 3;
  t = newApp({ registry: { tools }, functions: { probe: functions } });
  await t.mutation(internal.erp.tenants.create, { slug: "acme", name: "acme", currency: "EUR" });
  key = (await issueKey(t)).key;
});

type Result = Readonly<Record<string, unknown>>;

const call = async (more: object = {}): Promise<Result> => {
  const { json } = await modern(t, key, "tools/call", { name: "deletes", arguments: {}, ...more });
  return json.result ?? {};
};

/** Comes back to the call that has asked. */
const back = ({ requestState }: Result, inputResponses: object) =>
  call({ requestState, inputResponses });

const expectAsked = ({ resultType, inputRequests }: Result, rows: number) => {
  expect(resultType).toBe("input_required");
  expect(JSON.stringify(inputRequests)).toContain(`Delete ${String(rows)} rows?`);
};

const yes = { sure: accept({ word: "yes" }) };

test("an answer that is sent again does not answer the question that has come since", async () => {
  const first = await call();
  expectAsked(first, 3);
  rowsThere = 5;
  const second = await back(first, yes);
  expectAsked(second, 5);
  expectAsked(await back(first, yes), 5);
  expectAsked(await back(second, {}), 5);
  const done = await back(second, yes);
  expect(done.structuredContent).toEqual({ result: ["Delete 5 rows?", yes.sure] });
});

test("an answer that did not fit is not counted again", async () => {
  const first = await call();
  const wrong = { sure: accept({ word: 5 }) };
  const second = await back(first, wrong);
  expectAsked(second, 3);
  for (let again = 0; again < 3; again++) expectAsked(await back(first, wrong), 3);
  expectAsked(await back(second, {}), 3);
  expect((await back(second, yes)).structuredContent).toEqual({
    result: ["Delete 3 rows?", yes.sure],
  });
});

describe("a task", () => {
  const TASKS = { ...ALL, extensions: { "io.modelcontextprotocol/tasks": {} } };

  const speak = async (method: string, params: Record<string, unknown>): Promise<Result> =>
    (await modern(t, key, method, params, TASKS)).json.result ?? {};

  const start = async (): Promise<unknown> =>
    (await speak("tools/call", { name: "deletes", arguments: {} })).taskId;

  /** The one open request, once the task asks, by its key. */
  const asked = (taskId: unknown, rows: number): Promise<string> =>
    vi.waitFor(
      async () => {
        const { inputRequests = {} } = await speak("tasks/get", { taskId });
        expect(JSON.stringify(inputRequests)).toContain(`Delete ${String(rows)} rows?`);
        const [name = "", ...more] = Object.keys(inputRequests as object);
        expect(more).toEqual([]);
        return name;
      },
      { timeout: 5_000, interval: 20 },
    );

  const update = (taskId: unknown, inputResponses: object) =>
    speak("tasks/update", { taskId, inputResponses });

  const done = (taskId: unknown): Promise<unknown> =>
    vi.waitFor(
      async () => {
        const { status, result } = await speak("tasks/get", { taskId });
        expect(status).toBe("completed");
        return (result as Result).structuredContent;
      },
      { timeout: 5_000, interval: 20 },
    );

  test("asks under a key of its own each time, so an update that is sent again answers nothing", async () => {
    const taskId = await start();
    expect(await asked(taskId, 3)).toBe("sure");
    rowsThere = 5;
    await update(taskId, yes);
    const second = await asked(taskId, 5);
    expect(second).not.toBe("sure");
    await update(taskId, yes);
    expect(await asked(taskId, 5)).toBe(second);
    await update(taskId, { [second]: yes.sure });
    expect(await done(taskId)).toEqual({ result: ["Delete 5 rows?", yes.sure] });
  });
});

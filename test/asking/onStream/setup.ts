/** A new app that asks before each test, and clients of the 2025 revisions that call it and answer on the stream. */
import { afterEach, beforeEach, expect, vi } from "vitest";
import {
  open,
  responseOf,
  type Heard,
  type Message,
  type Speech,
} from "../../support/streamClient";
import { post, rows, rpc } from "../../support/gate";
import { accept, ALL, founded, newAsking } from "../../support/askingApp";

process.env.TOOLGATE_LIMIT_SCALE = "100000";

export let app: Awaited<ReturnType<typeof newAsking>>;

beforeEach(async () => {
  app = await newAsking();
});

afterEach(() => {
  vi.useRealTimers();
});

const SESSION = "Mcp-Session-Id";

/** The id of the session of a client with these capabilities. */
export const newSession = async (
  capabilities: object = ALL,
  key = app.keys.ann,
): Promise<string> => {
  const { headers } = await rpc(app.t, key, "initialize", {
    ...{ protocolVersion: "2025-11-25", capabilities },
    clientInfo: { name: "test", version: "1" },
  });
  return headers.get(SESSION) ?? "";
};

export const within = (session: string, more: Speech = {}): Speech => ({
  ...more,
  headers: { [SESSION]: session, "MCP-Protocol-Version": "2025-11-25" },
});

export const found = async (session: string, more: Speech = {}, slug = "new"): Promise<Heard> =>
  open(app.t, app.keys.ann, "found", { slug }, within(session, more));

export const questionsIn = ({ messages }: Heard): Message[] =>
  messages.filter(({ method, id }) => method !== undefined && id !== undefined);

/** The first questions on a stream, once they have come. */
const questions = (heard: Heard, count = 1): Promise<Message[]> =>
  vi.waitFor(
    () => {
      const come = questionsIn(heard);
      if (come.length < count) throw new Error(`${String(come.length)} questions`);
      return come;
    },
    { timeout: 5_000, interval: 10 },
  );

export const question = async (heard: Heard, at = 0): Promise<Message> =>
  (await questions(heard, at + 1))[at]!;

export const respond = async (
  { id }: Message,
  response: object,
  key = app.keys.ann,
): Promise<number> => (await post(app.t, key, { jsonrpc: "2.0", id, ...response })).status;

export const named = (name: unknown) => ({ result: accept({ name }) });

export const resultIn = async (heard: Heard) => responseOf(await heard.ended).result;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const isOver = (heard: Heard): Promise<boolean> =>
  Promise.race([heard.ended.then(() => true), pause(800).then(() => false)]);

export const expectFailed = async (heard: Heard, text: string) => {
  const result = await resultIn(heard);
  expect(result).toMatchObject({ isError: true });
  expect(JSON.stringify(result)).toContain(text);
  expect(await founded(app.t)).toEqual([]);
  expect(await rows(app.t, "toolgateStreamLeases")).toEqual([]);
};

/** What a careful client does: it sends again what it is told to, and looks after a job until that has ended. */
import { ALL, accept } from "../support/askingApp";
import { bearer, jsonHeaders, post } from "../support/gate";
import {
  ask,
  asTask,
  notify,
  responseOf,
  type Heard,
  type Message,
  type Speech,
} from "../support/streamClient";
import type { Probe } from "./app";

/** What a client knows in the end: it was done; nothing was done; or it may have been. */
export type Told = "done" | "nothing" | "unknown";

/** A call under a label. `resent` is called for each time that the client was told to come again, and did. */
export interface Call {
  /** Whether it has an effect to be counted. */
  readonly writes: boolean;
  /** Whether the client may send it again whatever it was told, because it has an idempotency key. */
  readonly keyed?: boolean;
  readonly send: (probe: Probe, label: string, resent: () => void) => Promise<Told>;
}

/** So many faults in a row, and none of them is the last. */
const SENDS = 12;

/** Ends the leases of streams that are no longer there. By itself that takes 45 s. */
export const freePlaces = (t: Probe["t"]) =>
  t.run(async (ctx) => {
    for (const { _id } of await ctx.db.query("toolgateStreamLeases").collect())
      await ctx.db.delete("toolgateStreamLeases", _id);
  });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const comesAgain = (error: Message["error"]): boolean =>
  typeof (error as { data?: { retryAfter?: unknown } } | undefined)?.data?.retryAfter === "number";

/** Sends until the answer is no longer "come again". It does not wait, so places that time would free are freed. */
const persist = async (
  { t }: Probe,
  send: () => Promise<Heard>,
  resent: () => void,
): Promise<Message> => {
  for (let sent = 1; ; sent++) {
    const answer = responseOf(await (await send()).ended);
    if (!comesAgain(answer.error) || sent === SENDS) return answer;
    resent();
    if (answer.error?.code === 429) await freePlaces(t);
  }
};

type Said = {
  structuredContent?: { jobId?: string; state?: string };
  content?: { text: string }[];
};

/** How a result or an error reads to a client. */
const toldBy = ({ result, error }: Message): Told => {
  if (error !== undefined) return comesAgain(error) ? "nothing" : "unknown";
  const { isError, content = [] } = (result ?? {}) as Said & { isError?: boolean };
  if (isError !== true) return "done";
  const text = content[0]?.text ?? "";
  return /^(outcome_unknown|Internal|internal)/.test(text) ? "unknown" : "nothing";
};

/** Looks after a job that goes on behind its answer. */
const followed = async (probe: Probe, answer: Message, resent: () => void): Promise<Told> => {
  const { structuredContent: { jobId, state } = {} } = (answer.result ?? {}) as Said;
  if (jobId === undefined || state !== "working") return toldBy(answer);
  const get = () =>
    ask(probe.t, probe.key, "tools/call", { name: "jobs_get", arguments: { jobId } });
  for (;;) {
    const { result, error } = await persist(probe, get, resent);
    const job = (result as Said | undefined)?.structuredContent as
      { state: string; error?: { code: string } } | undefined;
    if (error !== undefined || job === undefined) continue;
    if (job.state === "succeeded") return "done";
    if (job.state === "failed" || job.state === "cancelled") return "nothing";
    if (job.state === "unknown") return "unknown";
    await pause(10);
  }
};

const tool =
  (name: string, speech: (label: string) => Speech = () => ({})): Call["send"] =>
  async (probe, label, resent) => {
    const params = { name, arguments: { label } };
    const send = () => ask(probe.t, probe.key, "tools/call", params, speech(label));
    return followed(probe, await persist(probe, send, resent), resent);
  };

const keyed = (label: string): Speech => ({
  headers: { "Idempotency-Key": `key-of-${label.replaceAll(" ", "-")}` },
});
const hearing: Speech = { progressToken: 1 };

/** Starts a task; its id, or what was told instead. */
const startTask = async (probe: Probe, name: string, label: string, resent: () => void) => {
  const params = { name, arguments: { label } };
  const answer = await persist(
    probe,
    () => ask(probe.t, probe.key, "tools/call", params, asTask),
    resent,
  );
  const { taskId } = (answer.result ?? {}) as { taskId?: string };
  return taskId ?? toldBy(answer);
};

const isTold = (value: string): value is Told => ["done", "nothing", "unknown"].includes(value);

const endOfTask = async (probe: Probe, taskId: string, resent: () => void) => {
  for (;;) {
    const get = () => ask(probe.t, probe.key, "tasks/get", { taskId }, asTask);
    const { result } = await persist(probe, get, resent);
    const task = result as { status?: string; result?: object } | undefined;
    if (task?.status !== undefined && task.status !== "working") return task;
    await pause(10);
  }
};

const task: Call["send"] = async (probe, label, resent) => {
  const taskId = await startTask(probe, "work", label, resent);
  if (isTold(taskId)) return taskId;
  const { status, result = {} } = await endOfTask(probe, taskId, resent);
  return status === "completed" ? toldBy({ result } as Message) : "unknown";
};

/** Cancelled or not: `done` means that the job has ended as the client was told it would. */
const cancel: Call["send"] = async (probe, label, resent) => {
  const taskId = await startTask(probe, "endless", label, resent);
  if (isTold(taskId)) return taskId;
  const send = () => ask(probe.t, probe.key, "tasks/cancel", { taskId }, asTask);
  const answer = await persist(probe, send, resent);
  const { status } = await endOfTask(probe, taskId, resent);
  if (answer.error !== undefined) return toldBy(answer);
  // A job that never began, or whose worker died, cannot be cancelled any more.
  return status === "cancelled" ? "done" : status === "completed" ? "nothing" : "unknown";
};

const session = async (probe: Probe, resent: () => void): Promise<Record<string, string>> => {
  const clientInfo = { name: "c", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: ALL, clientInfo };
  const session: { id?: string | null } = {};
  await persist(
    probe,
    async () => {
      const heard = await ask(probe.t, probe.key, "initialize", params);
      session.id = heard.headers.get("mcp-session-id");
      return heard;
    },
    resent,
  );
  return { "Mcp-Session-Id": session.id ?? "", "MCP-Protocol-Version": "2025-11-25" };
};

/** Answers the questions of a stream until that ends. */
const answerAll = async ({ t, key }: Probe, heard: Heard, headers: object, resent: () => void) => {
  const answered = new Set<unknown>();
  const stream = { isOver: false };
  void heard.ended.then(() => (stream.isOver = true));
  while (!stream.isOver) {
    const question = heard.messages.find(
      ({ method, id }) => method === "elicitation/create" && !answered.has(id),
    );
    await pause(5);
    if (question === undefined) continue;
    answered.add(question.id);
    const answer = { jsonrpc: "2.0", id: question.id, result: accept({ name: "Ann" }) };
    for (let sent = 1; sent < SENDS; sent++) {
      const { status } = await post(t, key, answer, headers as Record<string, string>);
      if (status !== 503) break;
      resent();
    }
  }
};

const question: Call["send"] = async (probe, label, resent) => {
  const headers = await session(probe, resent);
  const params = { name: "found", arguments: { label } };
  const send = async () => {
    const heard = await ask(probe.t, probe.key, "tools/call", params, { headers });
    await answerAll(probe, heard, headers, resent);
    return heard;
  };
  return toldBy(await persist(probe, send, resent));
};

interface Answered {
  readonly id?: unknown;
  readonly result?: object;
  readonly error?: Message["error"];
}

/** A write, a list and a notification at once. What is told to come again comes again, by itself. */
const batch: Call["send"] = async ({ t, key }, label, resent) => {
  const write = { name: "add", arguments: { label } };
  let open: { id?: number; method: string; params: object }[] = [
    { id: 1, method: "tools/call", params: write },
    { id: 2, method: "tools/list", params: {} },
    { method: "notifications/cancelled", params: { requestId: 99 } },
  ];
  let told: Told = "nothing";
  for (let sent = 1; sent <= SENDS && open.length > 0; sent++) {
    if (sent > 1) resent();
    const response = await t.fetch("/mcp", {
      method: "POST",
      headers: { ...jsonHeaders, ...bearer(key) },
      body: JSON.stringify(open.map((message) => ({ jsonrpc: "2.0", ...message }))),
    });
    const text = await response.text();
    if (response.status === 503) continue;
    const answers = (text === "" ? [] : JSON.parse(text)) as Answered[];
    const first = answers.find(({ id }) => id === 1);
    if (first !== undefined) told = toldBy(first as Message);
    open = open.filter(({ id }) => {
      const answer = answers.find((one) => one.id === id);
      return answer !== undefined && comesAgain(answer.error);
    });
  }
  return told;
};

/** Listens, and has its call cancelled by a notification of another request. */
const notified: Call["send"] = async ({ t, key }, _label, resent) => {
  for (let sent = 1; sent < SENDS; sent++) {
    const status = await notify(t, key, "notifications/cancelled", { requestId: 7 });
    if (status !== 503) return status === 202 ? "done" : "unknown";
    resent();
  }
  return "nothing";
};

const listen: Call["send"] = async (probe, _label, resent) => {
  const params = { notifications: { toolsListChanged: true } };
  const send = async () => {
    const leave = new AbortController();
    const heard = await ask(probe.t, probe.key, "subscriptions/listen", params, {
      ...{ era: "modern", signal: leave.signal },
    });
    // Long enough for two looks after the first.
    setTimeout(() => {
      leave.abort();
    }, 600);
    const ended = await heard.ended;
    const isHeard = ended.messages.some(
      ({ method }) => method === "notifications/subscriptions/acknowledged",
    );
    // A client that leaves gets no response; an acknowledged stream was one.
    return isHeard && !ended.messages.some(({ error }) => error !== undefined)
      ? {
          ...ended,
          messages: [{ id: 1, result: {} } as unknown as Message],
          ended: heard.ended.then(() => HEARD),
        }
      : ended;
  };
  return toldBy(await persist(probe, send, resent));
};

const HEARD = { messages: [{ id: 1, result: {} }] } as unknown as Heard;

const list: Call["send"] = async (probe, _label, resent) =>
  toldBy(await persist(probe, () => ask(probe.t, probe.key, "tools/list"), resent));

export const calls: Readonly<Record<string, Call>> = {
  "tools/list": { writes: false, send: list },
  "a query": { writes: false, send: tool("read") },
  "a query on a stream": { writes: false, send: tool("read", () => hearing) },
  "a mutation": { writes: true, send: tool("add") },
  "a mutation with a key": { writes: true, keyed: true, send: tool("add", keyed) },
  "an action on a stream": { writes: true, send: tool("work", () => hearing) },
  "the same with a key": {
    ...{ writes: true, keyed: true },
    send: tool("work", (label) => ({ ...keyed(label), ...hearing })),
  },
  "an action in parts, with a key": {
    ...{ writes: true, keyed: true },
    send: tool("parts", (label) => ({ ...keyed(label), ...hearing })),
  },
  "an action as a task": { writes: true, send: task },
  "a task that is cancelled": { writes: false, send: cancel },
  "a question, answered": { writes: true, send: question },
  "a batch": { writes: true, send: batch },
  "notifications/cancelled": { writes: false, send: notified },
  "subscriptions/listen": { writes: false, send: listen },
};

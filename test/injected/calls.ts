/** The calls of a careful client, each of which looks after a job until that has ended. */
import { bearer, jsonHeaders } from "../support/gate";
import { ask, notify, type Heard, type Message, type Speech } from "../support/streamClient";
import type { Probe } from "./app";
import {
  comesAgain,
  pause,
  persist,
  SENDS,
  toldBy,
  type Call,
  type Said,
  type Told,
} from "./client";
import { question } from "./question";
import { cancel, task } from "./tasks";

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

/** Long tools behind sockets, and steps that go on until a gate opens or the job is cancelled. */
import { afterAll, beforeAll, vi } from "vitest";
import { issueKey } from "../../support/gate";
import { newApp, serve, type Gate, type Script } from "../../support/longApp";

const closers: (() => Promise<void>)[] = [];

// Some tests make the app log an error.
beforeAll(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all(closers.map((close) => close()));
});

export const newSocket = async (script: Script) => {
  const t = await newApp(script);
  const { key, keyId } = await issueKey(t, { subject: "agent" });
  const { url, close } = await serve(t);
  closers.push(close);
  return { t, key, keyId, url };
};

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Steps every tenth of a second until the gate opens or the job is cancelled. */
export const stepping =
  (gate: Gate, steps: number[] = []): Script =>
  async (job) => {
    const opened = gate.opened.then(() => "opened");
    for (let stop: unknown; stop === undefined; stop = await Promise.race([opened, pause(100)])) {
      await job.progress(steps.length);
      steps.push(Date.now());
    }
    return { made: "all of it", list: [1, 2, 3] };
  };

/** A client that starts a task and looks after it until it has ended, or cancels it. */
import { ask, asTask, type Message } from "../support/streamClient";
import type { Probe } from "./app";
import { pause, persist, toldBy, type Call, type Told } from "./client";

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

export const task: Call["send"] = async (probe, label, resent) => {
  const taskId = await startTask(probe, "work", label, resent);
  if (isTold(taskId)) return taskId;
  const { status, result = {} } = await endOfTask(probe, taskId, resent);
  return status === "completed" ? toldBy({ result } as Message) : "unknown";
};

/** Cancelled or not: `done` means that the job has ended as the client was told it would. */
export const cancel: Call["send"] = async (probe, label, resent) => {
  const taskId = await startTask(probe, "endless", label, resent);
  if (isTold(taskId)) return taskId;
  const send = () => ask(probe.t, probe.key, "tasks/cancel", { taskId }, asTask);
  const answer = await persist(probe, send, resent);
  const { status } = await endOfTask(probe, taskId, resent);
  if (answer.error !== undefined) return toldBy(answer);
  // A job that never began, or whose worker died, cannot be cancelled any more.
  return status === "cancelled" ? "done" : status === "completed" ? "nothing" : "unknown";
};

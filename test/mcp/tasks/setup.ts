/** A caller of long tools, and requests of the tasks extension (`io.modelcontextprotocol/tasks`). */
import { issueKey, type Backend } from "../../support/gate";
import { newApp, type Script } from "../../support/longApp";
import { asTask, reply, type Speech } from "../../support/streamClient";

export const SERVER_INFO = {
  "io.modelcontextprotocol/serverInfo": { name: "probe", version: "1" },
};
export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const modern: Speech = { era: "modern" };

export const newCaller = async (script: Script, role = "admin") => {
  const t = await newApp(script);
  const { key } = await issueKey(t, { role, subject: "agent" });
  return { t, key };
};

export const task = (
  t: Backend,
  key: string,
  method: string,
  params: Record<string, unknown>,
  speech: Speech = asTask,
) => reply(t, key, `tasks/${method}`, params, speech);

export const get = async (t: Backend, key: string, taskId: string) =>
  (await task(t, key, "get", { taskId })).result!;

export const statusOf = async (t: Backend, key: string, taskId: string) =>
  (await get(t, key, taskId)).status;

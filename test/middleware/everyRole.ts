/** The ERP with a key for each of its roles. */
import { beforeAll, vi } from "vitest";
import { app } from "../../convex/toolgate/tools";
import { issueKey, newServer, roles, rpc, type Backend } from "../support/gate";

const { tools } = app;

export const names = Object.keys(tools);

export let t: Backend;
export const keys: Record<string, string> = {};

beforeAll(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer();
  for (const role of roles) keys[role] = (await issueKey(t, { role })).key;
});

export const call = (key: string, name: string, args: object = {}) =>
  rpc(t, key, "tools/call", { name, arguments: args });

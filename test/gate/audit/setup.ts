/** A new server with a key before each test, and what a call adds to its audit log. */
import { afterEach, beforeEach, vi } from "vitest";
import { issueKey, newServer, rows, rpc, type Backend, type IssuedKey } from "../../support/gate";

export let t: Backend;
export let issued: IssuedKey;
export let key: string;

/** Lets what is below call another server. */
export const serveFrom = (server: Backend, itsKey: string): void => {
  t = server;
  key = itsKey;
};

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer();
  issued = await issueKey(t);
  ({ key } = issued);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

export const audit = () => rows(t, "toolgateAudit");
export const ada = { name: "Ada", email: "ada@example.com" };

/** The rows that `work` writes. */
export const added = async (work: () => Promise<unknown>) => {
  const before = (await audit()).length;
  await work();
  return (await audit()).slice(before);
};

export const call = (name: string, args: object = {}, as = key) =>
  rpc(t, as, "tools/call", { name, arguments: args });

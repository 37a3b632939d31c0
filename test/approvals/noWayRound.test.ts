/** An agent of the ERP under approval for customers looks for a way round: an import, another key, a rotated key, a connection. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import { newApp } from "../support/app";
import { connectAgent } from "../support/connect";
import { callTool, issueKey, newServer, rows, type Backend } from "../support/gate";
import { decide } from "./decisions";

let t: Backend;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer({ t: newApp({ connect: {} }) });
});
afterEach(() => {
  vi.useRealTimers();
});

const UNDER = { role: "sales", subject: "agent" };

const person = (name: string) => ({ name, email: `${name.toLowerCase()}@example.com` });

const lines = (...names: string[]) => names.map((name) => JSON.stringify(person(name))).join("\n");

/** Lets what is scheduled for now run. */
const runScheduled = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(10);
  await t.finishInProgressScheduledFunctions();
};

/** What every way must come to: the call waits, and nobody is there. */
const waits = async (key: string, tool: string, args: object): Promise<string> => {
  const { structuredContent } = await callTool(t, key, tool, args);
  expect(structuredContent).toMatchObject({ state: "awaiting_approval" });
  expect(await rows(t, "customers")).toEqual([]);
  return (structuredContent as { jobId: string }).jobId;
};

test("an import is held whole, and after a yes runs once, as a job", async () => {
  const { key } = await issueKey(t, { ...UNDER, approval: ["customers_*"] });
  const jobId = await waits(key, "customers_import", { lines: lines("Ada", "Eve") });
  await runScheduled();
  expect(await rows(t, "customers")).toEqual([]);
  await decide(t, jobId, "approve");
  await runScheduled();
  expect((await rows(t, "customers")).map(({ name }) => name).sort()).toEqual(["Ada", "Eve"]);
  expect((await rows(t, "toolgateJobs")).map(({ state }) => state)).toEqual(["succeeded"]);
});

test("another key, one made before, a rotated one, and a connection are bound too", async () => {
  const before = await issueKey(t, UNDER);
  const first = await issueKey(t, { ...UNDER, approval: ["customers_*"] });
  const after = await issueKey(t, UNDER);
  const next = await t.action(internal.toolgate.admin.rotateKey, { keyId: first.keyId });
  const { tokens } = await connectAgent(t, next.key);
  const keys = [before.key, after.key, next.key, tokens.access_token];
  for (const [at, key] of keys.entries())
    await waits(key, "customers_create", person(`Ada${String(at)}`));
  const free = await issueKey(t, { role: "sales", subject: "another" });
  await callTool(t, free.key, "customers_create", person("Bob"));
  expect((await rows(t, "customers")).map(({ name }) => name)).toEqual(["Bob"]);
});

test("a role binds all its keys, and a narrower role is no release", async () => {
  const { key, keyId } = await issueKey(t, UNDER);
  const setRole = internal.toolgate.admin.setRole;
  await t.mutation(setRole, { name: "sales", approval: ["customers_*"] });
  await waits(key, "customers_create", person("Ada"));
  await t.mutation(setRole, { name: "clerk", permissions: ["customers:create", "jobs:read"] });
  await t.mutation(internal.toolgate.admin.updateKey, { keyId, approval: ["customers_create"] });
  await t.mutation(internal.toolgate.admin.updateKey, { keyId, role: "clerk" });
  await waits(key, "customers_create", person("Eve"));
});

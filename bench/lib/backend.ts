/** The app in convex-test, with the demo data and keys for it, and a record of what a request asks of Convex. */
import { readdir } from "node:fs/promises";
import { convexTest } from "convex-test";
import type { HttpRouter } from "convex/server";
import { internal } from "../../convex/_generated/api";
import erpHttp from "../../convex/http";
import schema from "../../convex/schema";
import { recorded, recordingRoutes } from "../../test/support/recording/recorder";
import "./env";
import { initOf, type Ask } from "./mcpRequest";

const files = await readdir("convex", { recursive: true });
const names = files.filter((file) => /^[^.]+\.ts$/.test(file)).map((file) => file.slice(0, -3));

/** @param http - serves instead of the app's own. @param more - further modules, by name. */
export const newBackend = async (http: HttpRouter = erpHttp, more: Record<string, object> = {}) => {
  const own = names.map((name) => [
    `/convex/${name}.ts`,
    () => import(`../../convex/${name}.ts`) as Promise<unknown>,
  ]);
  // convex-test takes the folder above `_generated` as the root.
  const mine = { ...more, http: recordingRoutes(http), "_generated/api": {} };
  const others = Object.entries(mine).map(([name, module]) => [
    `/convex/${name}.ts`,
    async () => module,
  ]);
  const t = convexTest(schema, Object.fromEntries([...own, ...others]) as never);
  await t.mutation(internal.erp.seed.demo, {});
  return t;
};

export type Backend = Awaited<ReturnType<typeof newBackend>>;

export const issueKey = async (t: Backend, role = "admin"): Promise<string> => {
  const args = { tenant: "acme", role, name: "bench" };
  return (await t.action(internal.toolgate.admin.createKey, args)).key;
};

/** An issued key as it is stored, without what the database adds. */
export const storedKey = (t: Backend) =>
  t.run(async ({ db }) => {
    const { _id, _creationTime, ...fields } = (await db.query("toolgateKeys").first())!;
    return fields;
  });

/** What is answered, and what Convex was asked for. */
export const record = async (t: Backend, ask: Ask) => {
  const { result, calls } = await recorded(async () => {
    const response = await t.fetch("/mcp", initOf(ask));
    return { status: response.status, text: await response.text() };
  });
  return { ...result, calls };
};

/** What Convex was asked for. @throws Error unless the answer is as expected. */
export const measure = async (t: Backend, ask: Ask, holds = "", expected = 200) => {
  const { status, text, calls } = await record(t, ask);
  if (status !== expected || !text.includes(holds) || text.includes('"isError":true'))
    throw new Error(`${ask.method}: ${String(status)} ${text.slice(0, 400)}`);
  return calls;
};

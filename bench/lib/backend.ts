/** The app in convex-test, with the demo data and keys for it, and a record of what a request asks of Convex. */
import { readdir } from "node:fs/promises";
import { convexTest } from "convex-test";
import type { HttpRouter } from "convex/server";
import { internal } from "../../convex/_generated/api";
import erpHttp from "../../convex/http";
import schema from "../../convex/schema";
import { issueKey as issueTestKey } from "../../src/testing/issueKey";
import { recorded, recordingRoutes } from "../../test/support/recording/recorder";
import "./env";
import { answerOf, initOf, type Ask } from "./mcpRequest";

const files = await readdir("convex", { recursive: true });
const names = files.filter((file) => /^[^.]+\.ts$/.test(file)).map((file) => file.slice(0, -3));

/** @param http - serves instead of the app's own. @param more - further modules, by name. */
export const newBackend = async (http: HttpRouter = erpHttp, more: Record<string, object> = {}) => {
  // convex-test takes the folder above `_generated` as the root.
  const own = { ...more, http: recordingRoutes(http), "_generated/api": {} };
  const modules = [...names, ...Object.keys(own)].map((name) => [
    `/convex/${name}.ts`,
    async () => own[name as keyof typeof own] ?? (import(`../../convex/${name}.ts`) as unknown),
  ]);
  const t = convexTest(schema, Object.fromEntries(modules) as never);
  await t.mutation(internal.erp.seed.demo, {});
  return t;
};

export type Backend = Awaited<ReturnType<typeof newBackend>>;

export const issueKey = (t: Backend, role = "admin"): Promise<string> =>
  issueTestKey(t, { tenant: "acme", role });

/** An issued key as it is stored, without what the database adds. */
export const storedKey = (t: Backend) =>
  t.run(async ({ db }) => {
    const { _id, _creationTime, ...fields } = (await db.query("toolgateKeys").first())!;
    return fields;
  });

/** What Convex was asked for. @throws Error unless the answer is as expected. */
export const measure = async (t: Backend, ask: Ask, holds?: string, status?: number) => {
  const answered = async () => answerOf(await t.fetch("/mcp", initOf(ask)), holds, status);
  return (await recorded(answered)).calls;
};

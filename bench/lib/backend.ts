/** The app in convex-test, with keys for it. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { convexTest } from "convex-test";
import { internal } from "../../convex/_generated/api";
import schema from "../../convex/schema";
import { initOf, type Ask } from "./mcpRequest";

process.env.TOOLGATE_CALL_LOG = "off";
process.env.TOOLGATE_PEPPERS = `bench:${"pepper-".repeat(6)}`;
process.env.CONVEX_SITE_URL = "https://some.convex.site";
// The benchmark calls faster than any key may.
process.env.TOOLGATE_LIMIT_SCALE = "1000000";

type Load = () => Promise<unknown>;

/** The modules of a folder, as convex-test wants them. */
const modulesIn = async (folder: string): Promise<Record<string, Load>> => {
  const files = await readdir(folder, { recursive: true });
  return Object.fromEntries(
    files
      .filter((file) => /\.m?js$/.test(file))
      .map((file) => [
        `/convex/${file}`,
        () => import(pathToFileURL(path.join(folder, file)).href) as Promise<unknown>,
      ]),
  );
};

/** What the sections were built into, see build.ts. */
const built = path.resolve(path.dirname(process.argv[1] ?? ""), "../..");

const app = await modulesIn(path.join(built, "convex"));

/** An empty backend. @param overrides - modules to serve instead of the app's, by name such as `gate`. */
export const newBackend = (overrides: Record<string, object> = {}) =>
  convexTest(schema, {
    ...app,
    ...Object.fromEntries(
      Object.entries(overrides).map(([name, module]) => [
        `/convex/${name}.mjs`,
        () => Promise.resolve(module),
      ]),
    ),
  });

export type Backend = ReturnType<typeof newBackend>;

export const issueKey = async (t: Backend, role = "admin"): Promise<string> => {
  const args = { tenant: "acme", role, name: "bench" };
  const { key } = await t.action(internal.toolgate.admin.createKey, args);
  return key;
};

export const addDemo = (t: Backend) => t.mutation(internal.erp.seed.demo, {});

export const ask = (t: Backend, question: Ask): Promise<Response> =>
  t.fetch("/mcp", initOf(question));

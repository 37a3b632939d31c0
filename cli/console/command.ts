/** `toolgate console`: a page on this machine from which people operate a deployment. */
import type { Command } from "commander";
import { glueFolder } from "../glueFolder";
import { note } from "../operate/print";
import { count } from "../operate/options";
import { Failure } from "../operate/run";
import { listen, ListenError, type Answer } from "../serve/listen";
import { newToken } from "../serve/token";
import { Refusal } from "../serve/refusal";
import { readState } from "../stateFile";
import { consoleApp, pageUrl } from "./app";
import { findAccess, isProduction, type Access, type AccessOptions } from "./deployKey";
import { runsOn } from "./deployment";
import type { Operated } from "./operated";

const NOTES = `
The page is for a browser on this machine. The deploy key stays in this process; the page gets a token that ends with it.
With --local it is the page that \`npm start\` serves.

Examples:
  npx toolgate console --local
  CONVEX_DEPLOY_KEY='prod:…' npx toolgate console --prod
  npx toolgate console --url http://127.0.0.1:3210 --admin-key-stdin < admin-key`;

interface Options extends AccessOptions {
  readonly local?: true;
  readonly dir?: string;
  readonly port: number;
}

const localPage = async (): Promise<string> => {
  const admin = (await readState())?.admin;
  if (admin === undefined)
    throw new Failure(
      "No local server with a console runs in this folder: start one with `npm start`.",
    );
  return pageUrl(new URL(admin.url).origin, admin.token);
};

/** @throws Failure if the deployment refuses the key, or has no glue of this version. */
const operatedAt = async (access: Access, dir: string): Promise<Operated> => {
  const run = runsOn(access);
  const described = await run(`${dir}/admin:describeApp`, {}).catch((error: unknown) => {
    throw error instanceof Refusal ? new Failure(`${access.url}: ${error.message}`) : error;
  });
  const { mcpUrl } = described as { mcpUrl: string };
  const kind = isProduction(access.key) ? "production" : "dev";
  return {
    about: { deployment: new URL(access.url).host, kind, mcpUrl },
    run: (name, args) => run(`${dir}/${name}`, args),
  };
};

const serve = async (options: Options): Promise<string> => {
  const dir = options.dir ?? (await glueFolder(process.cwd()));
  const operated = await operatedAt(await findAccess(options), dir);
  const token = newToken();
  const answer: Answer = consoleApp(operated, token);
  try {
    const { url } = await listen({ host: "127.0.0.1", port: options.port }, answer);
    note(`Target: ${operated.about.deployment}. Ctrl-C ends the console.`);
    return pageUrl(url, token);
  } catch (error) {
    throw error instanceof ListenError ? new Failure(error.message) : error;
  }
};

/** Adds `console`. */
export const addConsole = (program: Command): void => {
  program
    .command("console")
    .description("Serve a page to operate a deployment: approvals, audit log, keys, jobs")
    .option("--local", "the page of the local server that `npm start` runs in this folder")
    .option("--prod", "refuse a key that is not of a production deployment")
    .option("--url <url>", "of the deployment; found by itself with CONVEX_DEPLOY_KEY")
    .option("--admin-key-stdin", "read the deploy key or admin key from standard input")
    .option("--dir <folder>", "the glue's, seen from the functions'; found by itself if left out")
    .option("--port <port>", "of the page", count, 3_212)
    .addHelpText("after", NOTES)
    .action(async (options: Options) => {
      const url = options.local ? await localPage() : await serve(options);
      process.stdout.write(`${url}\n`);
    });
};

/** Chooses where functions run: on a deployment, through `npx convex run`, or on the local server. */
import type { Command } from "commander";
import { glueFolder } from "../glueFolder";
import { deployed } from "./deployed";
import { onLocalServer } from "./onLocalServer";
import { note } from "./print";
import type { Run } from "./run";

export interface TargetOptions {
  readonly json?: true;
  readonly dir?: string;
  readonly local?: true;
  readonly prod?: true;
  readonly deployment?: string;
  readonly deploymentName?: string;
  readonly envFile?: string;
  readonly url?: string;
  readonly adminKey?: string;
}

/** Adds the options that every verb has. */
export const withTarget = (command: Command): Command =>
  command
    .option("--json", "print the answer as JSON, and nothing else")
    .option("--dir <folder>", "the glue's, seen from the functions'; found by itself if left out")
    .option("--local", "drive the local server that `npm start` runs in this folder")
    .option("--prod", "passed on to `npx convex run`, as are all below")
    .option("--deployment <ref>")
    .option("--deployment-name <name>")
    .option("--env-file <file>")
    .option("--url <url>")
    .option("--admin-key <key>");

const valued = {
  deployment: "--deployment",
  deploymentName: "--deployment-name",
  envFile: "--env-file",
  url: "--url",
  adminKey: "--admin-key",
} as const;

const selection = (options: TargetOptions): string[] => [
  ...(options.prod ? ["--prod"] : []),
  ...Object.entries(valued).flatMap(([name, flag]) => {
    const value = options[name as keyof typeof valued];
    return value === undefined ? [] : [flag, value];
  }),
];

const chosen = async (options: TargetOptions): Promise<Run> => {
  if (options.local) {
    const { url, run } = await onLocalServer();
    note(`Target: the local server, ${new URL(url).origin}`);
    return run;
  }
  const flags = selection(options);
  const shown = flags.map((flag, at) => (flags[at - 1] === "--admin-key" ? "…" : flag));
  note(`Target: ${["npx convex run", ...shown].join(" ")}`);
  return deployed(flags);
};

/**
 * Chooses the target and names it on standard error, without the admin key.
 *
 * @returns a `Run` that takes names in the folder of the glue, such as `admin:listKeys`.
 * @throws Failure if no local server runs.
 */
export const targetOf = async (options: TargetOptions): Promise<Run> => {
  const run = await chosen(options);
  const dir = options.dir ?? (await glueFolder(process.cwd()));
  return (name, args) => run(`${dir}/${name}`, args);
};

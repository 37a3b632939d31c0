/** `npm start`: runs the local server as a process, which start.js ends. */
import { Console } from "node:console";
import { Command, CommanderError } from "commander";
import { banner } from "./banner";
import { ListenError } from "../cli/serve/listen";
import { isLoopbackHost } from "../cli/loopback";
import { startServer } from "./server";
import { removeState, writeState } from "../cli/stateFile";

const DEFAULT_PORT = "3211";

/** Makes the error for a wrong use of the command. */
const usage = (message: string) => new CommanderError(2, "toolgate.usage", message);

const program = new Command("npm start --")
  .description(
    "Serves the Convex app on this machine: in memory, with demo data and a key per role.",
  )
  .option("--json", "print one line of JSON when it answers, and nothing else")
  .allowExcessArguments(false)
  .exitOverride()
  .addHelpText(
    "after",
    `
Environment:
  PORT               default ${DEFAULT_PORT}; 0 for any free port
  HOST               default 127.0.0.1; any other than loopback lets other machines in
  TOOLGATE_PEPPERS   default: a new random one per start
  TOOLGATE_CALL_LOG  default off; on: a line of JSON for each request

Examples:
  npm start
  PORT=0 npm start -- --json`,
  );

const portOf = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65535) return port;
  throw usage(`PORT must be a number from 0 to 65535, not ${JSON.stringify(text)}`);
};

/** An empty variable counts as unset. */
const variable = (name: string, otherwise: string): string => {
  const value = process.env[name] ?? "";
  return value === "" ? otherwise : value;
};

/** Logs unhandled rejections. A mistake in one function does not end a deployment, so it must not end this server. */
const survive = (): void => {
  process.on("unhandledRejection", (reason) => {
    console.error("toolgate: unhandled rejection", reason);
  });
};

const start = async (): Promise<void> => {
  const { json } = program.parse().opts<{ json?: true }>();
  const host = variable("HOST", "127.0.0.1");
  const port = portOf(variable("PORT", DEFAULT_PORT));
  // Standard output is only for the answer below. convex-test and functions log with `console`, which must go to standard error.
  globalThis.console = new Console(process.stderr);
  survive();
  if (!isLoopbackHost(host)) {
    console.error(`Warning: other machines can reach ${host}. --local commands are off.`);
  }
  const server = await startServer({ host, port });
  const { url, keys, admin } = server;
  const state = { url, ...(admin && { admin }), pid: process.pid, startedAt: Date.now() };
  process.on("exit", () => {
    removeState(state);
  });
  await writeState(state);
  process.stdout.write(json ? `${JSON.stringify({ url, keys, admin })}\n` : banner(server));
};

try {
  await start();
} catch (error) {
  // commander has already printed its own errors, and the help, which ends with 0.
  if (error instanceof CommanderError && error.code !== "toolgate.usage") {
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
  const isPlain = error instanceof CommanderError || error instanceof ListenError;
  console.error(isPlain ? error.message : error);
  process.exit(error instanceof CommanderError ? error.exitCode : 1);
}

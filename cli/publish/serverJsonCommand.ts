/** `npx toolgate server-json`: writes what the MCP Registry lists a server by. */
import type { Command } from "commander";
import { print } from "../operate/print";
import { endpointOf } from "./address";
import { readPublished } from "./published";
import { proofOf, serverJson } from "./serverJson";
import { jsonText, writeFiles } from "./write";

interface Options {
  readonly url: string;
  readonly name?: string;
  readonly out: string;
  readonly dir: string;
  readonly force?: true;
}

const EXAMPLES = `
It reads the app as check does and asks no deployment. The registry lists a server under a name whose namespace the publisher proves:
io.github.<account>/<name> by GitHub, or that of a domain, turned round, by DNS or by the deployment itself. A version is published once.

Examples:
  npx toolgate server-json --url https://mcp.example.com/mcp
  npx toolgate server-json --url https://happy-otter-123.convex.site/mcp --name io.github.acme/erp`;

const run = async ({ url, name, out, dir, force }: Options): Promise<void> => {
  const endpoint = endpointOf(url);
  const document = serverJson(await readPublished(process.cwd(), dir), endpoint, name);
  await writeFiles(process.cwd(), new Map([[out, jsonText(document)]]), force);
  const steps = [...proofOf(document.name, endpoint), "mcp-publisher publish"];
  print(`Wrote ${out}: ${document.name} ${document.version}`);
  print(["Next:", ...steps.map((step) => `  ${step}`)].join("\n"));
};

/** Adds `server-json`. */
export const addServerJson = (program: Command): void => {
  program
    .command("server-json")
    .description("Write server.json, by which the MCP Registry lists a server.")
    .requiredOption("--url <url>", "the endpoint: https://<host>/mcp")
    .option("--name <namespace/name>", "the name in the registry (default: of the URL's host)")
    .option("--out <file>", "the file to write", "server.json")
    .option("--dir <folder>", "the folder of the glue, inside that of the functions", "toolgate")
    .option("--force", "replace the file if it is there")
    .addHelpText("after", EXAMPLES)
    .action(run);
};

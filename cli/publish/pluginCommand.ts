/** `npx toolgate plugin`: writes a plugin that connects to one deployment. */
import path from "node:path";
import type { Command } from "commander";
import { note, print } from "../operate/print";
import { endpointOf } from "./address";
import { pluginFiles, pluginNameOf, pluginNotes } from "./plugin";
import { readPublished } from "./published";
import { writeFiles } from "./write";

interface Options {
  readonly url: string;
  readonly out: string;
  readonly name?: string;
  readonly dir: string;
  readonly force?: true;
}

const EXAMPLES = `
The folder is a plugin of Agent Plugins 1.0 (plugin.json, mcp.json, skills/) and of Claude Code (.claude-plugin/, .mcp.json). It names
one deployment, and holds no key. The skill is written from the app's instructions, tools and prompts: edit it as you like.

Examples:
  npx toolgate plugin --url https://mcp.example.com/mcp --out plugin
  claude --plugin-dir plugin`;

const run = async ({ url, out, name: stated, dir, force }: Options): Promise<void> => {
  const endpoint = endpointOf(url);
  const published = await readPublished(process.cwd(), dir);
  const name = pluginNameOf(published, stated);
  const files = pluginFiles(published, endpoint, name);
  await writeFiles(path.resolve(process.cwd(), out), files, force);
  print(`Wrote the plugin ${name} to ${out}: ${[...files.keys()].join(", ")}`);
  for (const line of pluginNotes(published, name)) note(line);
};

/** Adds `plugin`. */
export const addPlugin = (program: Command): void => {
  program
    .command("plugin")
    .description("Write a plugin with a skill, for Claude Code and every client of Agent Plugins.")
    .requiredOption("--url <url>", "the endpoint: https://<host>/mcp")
    .requiredOption("--out <folder>", "the folder to write")
    .option("--name <name>", "the name of the plugin (default: that of the app)")
    .option("--dir <folder>", "the folder of the glue, inside that of the functions", "toolgate")
    .option("--force", "replace files that are there")
    .addHelpText("after", EXAMPLES)
    .action(run);
};

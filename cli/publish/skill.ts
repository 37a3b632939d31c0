/** The skill of a plugin: when to use the server, and what it can do. */
import { cut } from "../../src/base/text";
import type { ListedTool } from "../check/report";
import type { Published } from "./published";

/** Of the Agent Skills specification. */
const LONGEST_DESCRIPTION = 1024;

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${cut(text, most - 1).trimEnd()}…`;

const effectOf = ({ annotations: { readOnlyHint, destructiveHint } }: ListedTool): string =>
  readOnlyHint === true
    ? "only reads"
    : destructiveHint === true
      ? "changes what is there"
      : "adds";

const toolLine = (tool: ListedTool): string =>
  `- \`${tool.name}\` (${effectOf(tool)}): ${oneLine(tool.description)}`;

const section = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${heading}`, lines.join("\n")];

/**
 * Writes `SKILL.md`.
 *
 * @param name - of the skill and its folder.
 * @see https://agentskills.io/specification
 */
export const skillText = ({ server, tools, prompts }: Published, name: string): string => {
  const title = oneLine(server.title ?? server.name);
  const { description = title, instructions = description } = server;
  const when = `${oneLine(description)} Use it for questions and tasks about ${title}. ${oneLine(instructions)}`;
  return `${[
    // A JSON text is a YAML text, whatever stands in it.
    `---\nname: ${name}\ndescription: ${JSON.stringify(shortened(when, LONGEST_DESCRIPTION))}\n---`,
    `# ${title}`,
    `The tools are those of the MCP server \`${name}\` of this plugin.`,
    instructions.trim(),
    ...section("Tools", tools.map(toolLine)),
    ...section(
      "Prompts",
      prompts.map(({ name: prompt, description: what, arguments: args }) => {
        const shown = args.length === 0 ? "" : ` (${args.join(", ")})`;
        return `- \`${prompt}\`${shown}: ${oneLine(what)}`;
      }),
    ),
  ].join("\n\n")}\n`;
};

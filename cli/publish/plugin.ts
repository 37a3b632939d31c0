/** The files of a plugin for one deployment: Agent Plugins 1.0, and the form of Claude Code beside it. */
import { publicUrlOf } from "../../src/registry/icons";
import { UsageError } from "../operate/run";
import type { Published } from "./published";
import { skillText } from "./skill";
import { jsonText } from "./write";

const SCHEMAS = "https://agent-plugins.org/schemas/1.0.0";

/** A name that plugins, their servers and skills can all have. */
const isName = (name: string): boolean =>
  name.length <= 64 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name);

/** The name of the plugin: the app's, in small letters, digits and hyphens, unless another is stated. */
export const pluginNameOf = ({ server }: Published, stated?: string): string => {
  const own = server.name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const name = stated ?? own.slice(0, 64).replace(/^-|-$/g, "");
  if (!isName(name))
    throw new UsageError(
      "Give --name as 1 to 64 small letters, digits and single hyphens: acme-erp",
    );
  return name;
};

const KEY = "key";

/** What Claude Code asks the user for, and keeps apart from the plugin. Other clients have no such place. */
const userConfig = (title: string) => ({
  [KEY]: {
    type: "string",
    title: `Key of ${title}`,
    description: "Its operator issues it. It begins with cvxmcp_.",
    sensitive: true,
    required: true,
  },
});

/**
 * Makes the files.
 *
 * @param url - of the endpoint.
 * @returns path in the folder of the plugin → text.
 * @see agentplugins/agent-plugins-spec bd38355, spec/1.0.0.md
 */
export const pluginFiles = (
  published: Published,
  url: URL,
  name: string,
): ReadonlyMap<string, string> => {
  const { server, hasOAuth } = published;
  const title = server.title ?? server.name;
  const about = {
    name,
    version: server.version,
    description: server.description ?? title,
    homepage: server.websiteUrl && publicUrlOf(server.websiteUrl, url.origin),
  };
  const headers = hasOAuth ? undefined : { Authorization: `Bearer \${user_config.${KEY}}` };
  const ofClaude = { ...about, userConfig: hasOAuth ? undefined : userConfig(title) };
  const remote = { type: "streamable-http", url: url.href };
  return new Map([
    ["plugin.json", jsonText({ $schema: `${SCHEMAS}/plugin.schema.json`, ...about })],
    [
      "mcp.json",
      jsonText({ $schema: `${SCHEMAS}/mcp.schema.json`, mcpServers: { [name]: remote } }),
    ],
    [".claude-plugin/plugin.json", jsonText(ofClaude)],
    [".mcp.json", jsonText({ mcpServers: { [name]: { type: "http", url: url.href, headers } } })],
    [`skills/${name}/SKILL.md`, skillText(published, name)],
  ]);
};

/** What the publisher should know. The Claude API takes tool names of 64 characters, with all that clients put in front. */
export const pluginNotes = ({ tools, hasOAuth }: Published, name: string): string[] => {
  const longest = tools
    .map((tool) => `mcp__plugin_${name}_${name}__${tool.name}`)
    .filter((full) => full.length > 64);
  return [
    ...(longest.length === 0
      ? []
      : [
          `${longest.length} tools have names of over 64 characters in Claude Code, such as ${longest[0] ?? ""}: say a shorter --name.`,
        ]),
    ...(hasOAuth
      ? []
      : [
          "Without OAuth only Claude Code asks its user for the key: mcp.json has no place for one. `toolgate init --oauth` says how to turn it on.",
        ]),
  ];
};

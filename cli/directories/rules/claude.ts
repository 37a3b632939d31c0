/**
 * What the directory of Claude's connectors asks for.
 *
 * Its tools and their texts: claude.com/docs/connectors/building, read 2026-08-22, and the skill mcp-server-dev of
 * anthropics/claude-plugins-official.
 */
import { isToolName } from "../../../src/registry/tools";
import type { Params } from "../../../src/wire/jsonrpc";
import type { SeenTool } from "../seen";
import { argumentsOf, listAt, objectAt, ofServer, ofTools, textAt, type Rule } from "../rule";

const tools = ofTools("Claude");
const server = ofServer("Claude");

const READS = /^(?:get|list|read|search|find|view|fetch)/i;
const WRITES = /^(?:create|add|update|set|edit|delete|remove|send|post|put|patch|write)/i;

/** The words by which one argument chooses between reading and writing. */
const choices = (schema: Params): string[] =>
  listAt(schema, "enum").filter((word) => typeof word === "string");

/** Texts that tell the model how to behave, rather than what the tool does. */
const STEERING =
  /\b(?:you must|you should|you have to|(?:always|never|first) (?:use|call|run|prefer)|instead of (?:any )?other|before (?:any|using|calling) |(?:do not|don't|never) (?:tell|mention|reveal|ask)|ignore (?:all|any|previous|other)|(?:best|only) (?:tool|way))/i;

const MOVES = /\b(?:transfer|send|wire|withdraw|pay out|swap|trade|buy|sell)s?\b/i;
const ASSETS = /\b(?:money|funds|crypto\w*|bitcoin|tokens?|stocks|shares|assets|payouts?)\b/i;
const MEDIA = /\bgenerates?\b[^.]*\b(?:images?|videos?|music|audio|speech|photos?)\b/i;

/** Own words of a tool, its name among them. */
const wordsOf = (tool: SeenTool): string =>
  `${tool.name.replaceAll("_", " ")}. ${textAt(tool, "title")}. ${textAt(tool, "description")}`;

export const CLAUDE: readonly Rule[] = [
  tools({
    name: "claude-title",
    level: "refused",
    fix: "State `title` in the line of the tool.",
    find: (tool) =>
      (textAt(tool, "title") === "" || textAt(objectAt(tool, "annotations"), "title") === "") &&
      "it has no title, at top level and in annotations",
  }),
  tools({
    name: "claude-hint",
    level: "refused",
    fix: "State `destructive` in the line of the tool, or bind it as a query.",
    find: (tool) => {
      const { readOnlyHint, destructiveHint } = objectAt(tool, "annotations");
      return (
        readOnlyHint !== true &&
        typeof destructiveHint !== "boolean" &&
        "it says neither readOnlyHint nor destructiveHint"
      );
    },
  }),
  tools({
    name: "claude-name",
    level: "refused",
    fix: "Give it a name of at most 64 letters, digits, `_` or `-`.",
    find: ({ name }) => !isToolName(name) && "its name is too long or has other signs",
  }),
  tools({
    name: "claude-catch-all",
    level: "refused",
    fix: "Make a tool of each: reads and writes are reviewed apart.",
    find: (tool) => {
      const mixed = argumentsOf(tool).find(([, schema]) => {
        const words = choices(schema);
        return words.some((word) => READS.test(word)) && words.some((word) => WRITES.test(word));
      });
      return mixed && `its argument "${mixed[0]}" chooses between reading and writing`;
    },
  }),
  tools({
    name: "claude-steering",
    level: "advice",
    fix: "Say what the tool does and when it fits. Do not tell the model how to behave, order other tools, or praise.",
    find: (tool) => {
      const [told] = STEERING.exec(textAt(tool, "description")) ?? [];
      return (
        told !== undefined && `its description says "${told.trim()}", which reads as an instruction`
      );
    },
  }),
  tools({
    name: "claude-money",
    level: "advice",
    fix: "A server with such tools is refused: the listing's URL needs a deployment, or roles, without it.",
    find: (tool) => {
      const words = wordsOf(tool);
      const moves = MOVES.test(words) && ASSETS.test(words);
      return (moves || MEDIA.test(words)) && "it seems to move money or assets, or to make media";
    },
  }),
  server({
    name: "claude-domain",
    level: "advice",
    where: "the URL",
    fix: "Serve it from a domain of your own, the one of your product: a custom domain of the deployment.",
    find: ({ url, server: info }) => {
      const site = textAt(info, "websiteUrl");
      const host = URL.canParse(site) ? new URL(site).hostname.replace(/^www\./, "") : "";
      const isOwn = host !== "" && (url.hostname === host || url.hostname.endsWith(`.${host}`));
      return !isOwn && `${url.hostname} is not of the domain of the website`;
    },
  }),
  server({
    name: "claude-website",
    level: "advice",
    where: "serverInfo",
    fix: "State `websiteUrl` in defineToolgate: a page with documentation, privacy policy and support.",
    find: ({ server: info }) =>
      !textAt(info, "websiteUrl").startsWith("https://") && "it names no website",
  }),
];

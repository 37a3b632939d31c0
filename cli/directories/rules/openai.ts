/**
 * What OpenAI's directory of plugins for ChatGPT and Codex asks for: its portal scans the live server.
 *
 * The skill chatgpt-app-submission of openai/plugins (2026-06-25) and developers.openai.com/plugins.
 */
import { MAX_DESCRIPTION, MAX_INSTRUCTIONS } from "../../check/clients";
import { argumentsOf, objectAt, ofServer, ofTools, onlyReads, textAt, type Rule } from "../rule";

const tools = ofTools("OpenAI");
const server = ofServer("OpenAI");

const HINTS = ["readOnlyHint", "openWorldHint", "destructiveHint"] as const;

/** The arguments that company knowledge and deep research send to tools of these names. */
const RESEARCH: Readonly<Record<string, string>> = { search: "query", fetch: "id" };

/** The characters of a title that the portal takes. */
const MAX_TITLE = 30;

/** Fewer characters tell a model nothing of when to use a server. */
const MIN_INSTRUCTIONS = 100;

export const OPENAI: readonly Rule[] = [
  tools({
    name: "openai-hints",
    level: "refused",
    fix: "Every hint is stated, on tools that read, too: this version of toolgate does.",
    find: (tool) => {
      const annotations = objectAt(tool, "annotations");
      const missing = HINTS.filter((hint) => typeof annotations[hint] !== "boolean");
      return missing.length > 0 && `it does not say ${missing.join(", ")}`;
    },
  }),
  tools({
    name: "openai-contradiction",
    level: "refused",
    fix: "A tool that only reads destroys nothing: bind it as a query, or correct the line.",
    find: (tool) =>
      onlyReads(tool) &&
      objectAt(tool, "annotations").destructiveHint === true &&
      "it says that it only reads, and that it destroys",
  }),
  tools({
    name: "openai-output",
    level: "advice",
    fix: "Declare `returns` in the function.",
    find: (tool) => tool.outputSchema === undefined && "it has no outputSchema",
  }),
  tools({
    name: "openai-description",
    level: "advice",
    fix: `Keep it to ${MAX_DESCRIPTION} characters: the portal takes no more.`,
    find: (tool) => {
      const { length } = textAt(tool, "description");
      if (length === 0) return "it has no description";
      return length > MAX_DESCRIPTION && `its description has ${length} characters`;
    },
  }),
  tools({
    name: "openai-retry",
    level: "advice",
    fix: "Let a call be repeated safely: `idempotent: true` if it is so. Tools that write take an idempotencyKey by themselves.",
    find: (tool) =>
      !onlyReads(tool) &&
      objectAt(tool, "annotations").idempotentHint !== true &&
      !argumentsOf(tool).some(([name]) => name === "idempotencyKey") &&
      "a call that is sent twice may act twice",
  }),
  tools({
    name: "openai-research",
    level: "advice",
    fix: "Deep research sends search { query } and fetch { id }, and no others.",
    find: (tool) => {
      const wanted = Object.hasOwn(RESEARCH, tool.name) ? RESEARCH[tool.name] : undefined;
      const has = argumentsOf(tool).some(([name]) => name === wanted);
      return wanted !== undefined && !has && `it takes no argument "${wanted}"`;
    },
  }),
  server({
    name: "openai-instructions",
    level: "advice",
    where: "instructions",
    fix: "State `instructions` in defineToolgate: which questions the server answers, and how to begin.",
    find: ({ instructions }) =>
      (instructions.length < MIN_INSTRUCTIONS || instructions.length > MAX_INSTRUCTIONS) &&
      `they have ${instructions.length} characters; a model reads ${MIN_INSTRUCTIONS} to ${MAX_INSTRUCTIONS}`,
  }),
  server({
    name: "openai-name",
    level: "refused",
    where: "serverInfo",
    fix: `State a title of at most ${MAX_TITLE} characters in defineToolgate, without the words MCP and Plugin.`,
    find: ({ server: info }) => {
      const title = textAt(info, "title");
      if (title === "") return "it has no title";
      if (/\b(?:mcp|plugin)\b/i.test(title)) return `its title is "${title}"`;
      return title.length > MAX_TITLE && `its title has ${title.length} characters`;
    },
  }),
  server({
    name: "openai-challenge",
    level: "refused",
    where: "/.well-known/openai-apps-challenge",
    fix: "The portal gives the token: npx convex env set TOOLGATE_OPENAI_CHALLENGE <token>",
    find: ({ at: { openai: reply } }) => {
      if (reply.status === 404) return "no token is set";
      const isPlain = (reply.headers.get("content-type") ?? "").startsWith("text/plain");
      if (reply.status !== 200 || !isPlain) return `HTTP ${reply.status}, not a plain text`;
      return /^\S+$/.test(reply.text) ? undefined : "it is not one word";
    },
  }),
];

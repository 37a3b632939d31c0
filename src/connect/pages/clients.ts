/** How each client connects, with lines to copy and links that install. */
import { onOneLine } from "../../base/plainText";
import type { Texts } from "./texts";

/** One client, or several that are alike. */
export interface Way {
  readonly name: string;
  readonly how: string;
  readonly lines: readonly string[];
  readonly link?: { readonly label: string; readonly href: string };
}

/** A short name for configurations: letters, digits and hyphens. */
const slugOf = (app: string): string =>
  onOneLine(app, 40)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "") || "server";

const cursorLink = (name: string, url: string): string => {
  const config = btoa(JSON.stringify({ url }));
  const query = `name=${name}&config=${encodeURIComponent(config)}`;
  return `cursor://anysphere.cursor-deeplink/mcp/install?${query}`;
};

const codeLink = (name: string, url: string): string =>
  `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, type: "http", url }))}`;

/** @param url - of the MCP endpoint. */
export const ways = (texts: Texts, url: string): readonly Way[] => {
  const name = slugOf(texts.app);
  return [
    { name: "Claude", how: texts.forClaude, lines: [] },
    { name: "ChatGPT", how: texts.forChatGpt, lines: [] },
    {
      name: "Claude Code",
      how: texts.forClaudeCode,
      lines: [`claude mcp add --transport http ${name} ${url}`],
    },
    {
      name: "Cursor",
      how: texts.forCursor,
      lines: [JSON.stringify({ mcpServers: { [name]: { url } } })],
      link: { label: texts.addToCursor, href: cursorLink(name, url) },
    },
    {
      name: "VS Code",
      how: texts.forCode,
      lines: [`code --add-mcp '${JSON.stringify({ name, type: "http", url })}'`],
      link: { label: texts.addToCode, href: codeLink(name, url) },
    },
    {
      name: "Codex",
      how: texts.forCodex,
      lines: [`codex mcp add ${name} --url ${url}`, `codex mcp login ${name}`],
    },
    {
      name: "Gemini CLI",
      how: texts.forGemini,
      lines: [`gemini mcp add --transport http ${name} ${url}`],
    },
    {
      name: texts.programs,
      how: texts.forPrograms,
      lines: [
        `curl ${url} -H 'Authorization: Bearer YOUR_KEY' -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`,
      ],
    },
  ];
};

/** The lines that connect a client with a key in a header. */
import type { AppInfo } from "../../api/shapes";

export interface ClientLines {
  readonly client: string;
  /** Where the text goes. */
  readonly how: string;
  readonly text: string;
}

/** A short name for configurations: letters, digits and hyphens. */
export const slugOf = (app: Pick<AppInfo, "name"> | undefined): string =>
  (app?.name ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "") || "toolgate";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** @param url - of the MCP endpoint. */
export const clientLines = (name: string, url: string, key: string): readonly ClientLines[] => {
  const headers = { Authorization: `Bearer ${key}` };
  return [
    {
      client: "Claude Code",
      how: "In a terminal",
      text: `claude mcp add --transport http ${name} ${url} --header "Authorization: Bearer ${key}"`,
    },
    {
      client: "Cursor",
      how: "In .cursor/mcp.json. Cursor takes the key only while the app has no OAuth.",
      text: json({ mcpServers: { [name]: { url, headers } } }),
    },
    {
      client: "VS Code",
      how: "In .vscode/mcp.json",
      text: json({ servers: { [name]: { type: "http", url, headers } } }),
    },
    {
      client: "Gemini CLI",
      how: "In a terminal",
      text: `gemini mcp add --transport http --header "Authorization: Bearer ${key}" ${name} ${url}`,
    },
    {
      client: "Anthropic API",
      how: "In the request, with the header anthropic-beta: mcp-client-2025-11-20",
      text: json({
        mcp_servers: [{ type: "url", name, url, authorization_token: key }],
        tools: [{ type: "mcp_toolset", mcp_server_name: name }],
      }),
    },
    {
      client: "OpenAI API",
      how: "In the request to the Responses API",
      text: json({
        tools: [
          { type: "mcp", server_label: name, server_url: url, headers, require_approval: "always" },
        ],
      }),
    },
    {
      client: "curl",
      how: "In a terminal",
      text: `curl ${url} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`,
    },
  ];
};

/**
 * Clients whose documents (Client ID Metadata Documents) are known here, so that none of them is fetched. Two of the vendors answer 403
 * to the addresses of some clouds, so a server that only fetches fails at random.
 *
 * ChatGPT and Codex also have an id for each connector. Those documents are fetched: chatgpt.com is a trusted host.
 *
 * A pin also hides that a vendor has taken its document back or changed it: `npm run pinned` tells.
 */
import type { ClientDocument } from "../../grants/documents";

/** When the documents were last compared. */
export const PINNED_ON = "2026-11-28";

type Pinned = ClientDocument & {
  readonly url: string;
  /** Redirect URIs that count although the document may not have them. */
  readonly added?: readonly string[];
};

/** What people have published of each document; none of them was fetched by us. Other members of the documents do not count here. */
export const PINNED: readonly Pinned[] = [
  {
    url: "https://claude.ai/oauth/mcp-oauth-client-metadata",
    name: "Claude",
    redirectUris: ["https://claude.ai/api/mcp/auth_callback"],
    // Anthropic asks to allow its second domain too (support article 11503834).
    added: ["https://claude.com/api/mcp/auth_callback"],
  },
  {
    url: "https://claude.ai/oauth/claude-code-client-metadata",
    name: "Claude Code",
    redirectUris: ["http://localhost/callback", "http://127.0.0.1/callback"],
  },
  {
    url: "https://chatgpt.com/oauth/client.json",
    name: "ChatGPT",
    redirectUris: ["https://chatgpt.com/connector_platform_oauth_redirect"],
  },
  {
    url: "https://chatgpt.com/oauth/codex/client.json",
    name: "Codex",
    redirectUris: ["http://127.0.0.1/callback", "http://localhost/callback"],
  },
  {
    url: "https://vscode.dev/oauth/client-metadata.json",
    name: "Visual Studio Code",
    redirectUris: ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
  },
];

/** Finds the pinned document of a client; undefined if it is not pinned. */
export const pinned = (clientId: string): ClientDocument | undefined => {
  const found = PINNED.find(({ url }) => url === clientId);
  if (found === undefined) return undefined;
  return { name: found.name, redirectUris: [...found.redirectUris, ...(found.added ?? [])] };
};

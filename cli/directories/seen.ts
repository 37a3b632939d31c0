/** A server as the scan of a directory sees it. */
import type { Params } from "../../src/wire/jsonrpc";
import type { Reply } from "../doctor/ask";

/** A tool of `tools/list`. What it lacks is for the rules to find. */
export interface SeenTool extends Params {
  readonly name: string;
}

export interface Seen {
  readonly url: URL;
  /** `serverInfo` of `initialize`. */
  readonly server: Params;
  readonly instructions: string;
  /** The milliseconds until `initialize` was answered. */
  readonly firstMs: number;
  readonly tools: readonly SeenTool[];
  /** Those that the key may list. */
  readonly resources: readonly Params[];
  /** The answer to a request without a key. */
  readonly stranger: Reply;
  /** The metadata of OAuth (RFC 9728, RFC 8414); empty where there is none. */
  readonly resource: Params;
  readonly authorization: Params;
  /** The answer to a refresh token that was never issued; absent without a token endpoint. */
  readonly refresh?: Reply | undefined;
  /** What lies at the paths of `PATHS`. */
  readonly at: Readonly<Record<keyof typeof PATHS, Reply>>;
}

/** Where directories look. The card's path is seen from the endpoint. */
export const PATHS = {
  openai: "/.well-known/openai-apps-challenge",
  registry: "/.well-known/mcp-registry-auth",
  catalog: "/.well-known/mcp/catalog.json",
  card: "server-card",
  favicon: "/favicon.ico",
} as const;

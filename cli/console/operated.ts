/** What a console operates: a deployment, or the local server. */

export interface About {
  /** Names it for people. */
  readonly deployment: string;
  readonly kind: "local" | "dev" | "production";
  /** The MCP endpoint; the page shows it, and its playground calls it. */
  readonly mcpUrl: string;
}

export interface Operated {
  readonly about: About;
  /** Runs a function by its name in the folder of the glue. @throws Refusal for what is not the server's fault. */
  readonly run: (name: string, args: object) => Promise<unknown>;
}

/** Cloudflare's agents: the stateless handler, outside of Workers. */
import { createMcpHandler } from "agents/mcp/server";
import type { Peer, Serve } from "./peer";
import { sdkFactory } from "./sdkServer";

type Handle = (request: Request, env: object, context: object) => Promise<Response>;

export const agents: Peer = {
  name: "agents",
  eras: ["2026"],
  serve: (tools): Serve => {
    const handle = createMcpHandler(sdkFactory(tools)) as unknown as Handle;
    const context = { waitUntil: () => undefined, props: {} };
    return (request) => handle(request, {}, context);
  },
};

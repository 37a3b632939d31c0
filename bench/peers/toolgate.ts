/** Our own handler, whole, with a stub for the database; with the app's gate, and without keys, since no peer has any. */
import { chain } from "../../convex/toolgate/chain";
import { compose } from "../../src/middleware/compose";
import { mintKey } from "../../src/auth/keyFormat";
import { mcp } from "../../src/mcp/endpoint";
import type { Peer } from "./peer";
import { contextOf, registryOf, serverOf } from "./stubDatabase";

process.env.TOOLGATE_CALL_LOG = "off";
process.env.TOOLGATE_PEPPERS = `bench:${"pepper-".repeat(6)}`;
process.env.CONVEX_SITE_URL = "https://some.convex.site";

const answer = (sum: number) => `"structuredContent":{"sum":${String(sum)}}`;

const { key } = await mintKey("test");

type Handler = ReturnType<typeof mcp>;

/** @param guarded - puts what checks a request in front of the endpoint. */
const peerOf = (name: string, guarded: (endpoint: Handler) => unknown): Peer => ({
  ...{ name, eras: ["2025", "2026"], answer },
  serve: (names) => {
    const tools = registryOf(names);
    const handler = guarded(mcp(serverOf(tools))) as (
      ctx: object,
      request: Request,
    ) => Promise<Response>;
    const context = contextOf(tools);
    return (request) => handler(context, request);
  },
});

export const toolgate: Peer = {
  ...peerOf("Toolgate, all guards", (endpoint) => compose(...chain)(endpoint)),
  key,
};

export const toolgateWithoutKeys = peerOf("Toolgate, without keys", (endpoint) =>
  compose(chain[0])(endpoint),
);

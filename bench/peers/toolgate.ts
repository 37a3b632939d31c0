/** Our own handler, whole, with a stub for the database; with the app's gate, and without keys, since no peer has any. */
import { chain } from "../../convex/toolgate/chain";
import { mintKey } from "../../src/auth/keyFormat";
import { mcp } from "../../src/mcp/endpoint";
import { compose } from "../../src/middleware/compose";
import "../lib/env";
import { structured, type Peer } from "./peer";
import { contextOf, registryOf, serverOf, type Ctx } from "./stubDatabase";

const { key } = await mintKey("test");

/** @param guarded - puts what checks a request in front of the endpoint. */
const peerOf = (name: string, guarded: (endpoint: ReturnType<typeof mcp>) => unknown): Peer => ({
  ...{ name, eras: ["2025", "2026"], answer: structured },
  serve: (names) => {
    const tools = registryOf(names);
    type Handler = (ctx: Ctx, request: Request) => Promise<Response>;
    const handler = guarded(mcp(serverOf(tools))) as Handler;
    const ctx = contextOf(tools);
    return (request) => handler(ctx, request);
  },
});

export const toolgate: Peer = {
  ...peerOf("Toolgate, all guards", (endpoint) => compose(...chain)(endpoint)),
  key,
};

export const toolgateWithoutKeys = peerOf("Toolgate, without keys", (endpoint) =>
  compose(chain[0])(endpoint),
);

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

export const toolgate: Peer = {
  name: "Toolgate, all guards",
  eras: ["2025", "2026"],
  key,
  answer,
  serve: (names) => {
    const tools = registryOf(names);
    const handler = compose(...chain)(mcp(serverOf(tools)));
    const context = contextOf(tools);
    return (request) => handler(context, request);
  },
};

export const toolgateWithoutKeys: Peer = {
  name: "Toolgate, without keys",
  eras: ["2025", "2026"],
  answer,
  serve: (names) => {
    const tools = registryOf(names);
    const handler = compose(chain[0])(mcp(serverOf(tools)));
    const context = contextOf(tools);
    return (request) => handler(context, request);
  },
};

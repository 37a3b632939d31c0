/** A server with a key, and messages of the 2025 revisions. */
import { issueKey, newServer } from "../../support/gate";

process.env.TOOLGATE_LIMIT_SCALE = "1000";

export const t = await newServer();
export const { key } = await issueKey(t);

export const LEGACY = ["2025-03-26", "2025-06-18", "2025-11-25"];

export const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
export const header = (version: string) => ({ "MCP-Protocol-Version": version });

export const initialize = (protocolVersion: unknown, more: object = {}) => ({
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: {
    protocolVersion,
    capabilities: { roots: { listChanged: true }, sampling: {} },
    clientInfo: { name: "test", version: "1" },
    ...more,
  },
});

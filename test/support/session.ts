/** The session of a client of the 2025 revisions. */
import { ask, type Target } from "./streamClient";

/** The headers of a 2025 client once it has said who it is. */
export const sessionOf = async (
  target: Target,
  key: string,
  client: string,
): Promise<Record<string, string>> => {
  const heard = await ask(target, key, "initialize", {
    ...{ protocolVersion: "2025-11-25", capabilities: {} },
    clientInfo: { name: client, version: "1" },
  });
  await heard.ended;
  const id = heard.headers.get("mcp-session-id") ?? "";
  return { "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" };
};

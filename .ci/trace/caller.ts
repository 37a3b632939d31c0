/** Runs the demo ERP in this process, and calls its tools over HTTP. */
import { startBackend } from "../../local/backend";
import { setEnvironment } from "../../local/environment";

const SITE_URL = "https://some.convex.site";

const PEER = { ip: "127.0.0.1", userAgent: "trace" };

/** Calls a tool and returns the JSON-RPC response as text. */
export type CallTool = (name: string, args: object) => Promise<string>;

const requestOf = (key: string, name: string, args: object): Request => {
  const message = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name, arguments: args },
  };
  return new Request(`${SITE_URL}/mcp`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    },
    body: JSON.stringify(message),
  });
};

/** Returns the body, or the last message of an event stream. */
const messageIn = async (response: Response): Promise<string> => {
  const text = await response.text();
  return [...text.matchAll(/^data: (.+)$/gm)].at(-1)?.[1] ?? text;
};

/** Starts a new app with the demo data. The caller is an admin of a demo tenant. */
export const newCaller = async (): Promise<CallTool> => {
  setEnvironment(SITE_URL);
  const { fetch, run } = await startBackend();
  await run("erp/seed:demo", {});
  const created = await run("toolgate/admin:createKey", {
    tenant: "acme",
    role: "admin",
    name: "Trace",
  });
  const { key } = created as { key: string };
  return async (name, args) => messageIn(await fetch(requestOf(key, name, args), PEER));
};

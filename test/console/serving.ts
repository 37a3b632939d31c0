/** The console's server before an endpoint that answers and listens, and a client that sends what it is told. */
import { request } from "node:http";
import { afterAll, beforeAll } from "vitest";
import { consoleApp } from "../../cli/console/app";
import type { Operated } from "../../cli/console/operated";
import { listen, type Door } from "../../cli/serve/listen";
import { Refusal } from "../../cli/serve/refusal";

export const TOKEN = "token-of-this-start";
export const ran: [string, object][] = [];
export const heard: Request[] = [];
export let left: Promise<unknown>;
let endpoint: Door;
export let door: Door;

/** Answers with two events, the second of which never comes. */
const stream = ({ signal }: Request): Response => {
  left = new Promise((resolve) => {
    signal.addEventListener("abort", resolve);
  });
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode("data: 1\n\n"));
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
};

export const run: Operated["run"] = async (name, args) => {
  ran.push([name, args]);
  if ("refused" in args) throw new Refusal("not_found", "keyId: there is no such key");
  if ("broken" in args) throw new Error("secret detail");
  return { echo: args };
};

/** What an endpoint may say that is of use to the page, and what would do something to the console's origin. */
const ANSWER_HEADERS = {
  ...{ "Retry-After": "7", "Mcp-Session-Id": "s1", "WWW-Authenticate": "Bearer" },
  ...{ "Set-Cookie": "a=b", "Clear-Site-Data": '"*"', Location: "/console/run", Refresh: "0" },
  ...{ "Access-Control-Allow-Origin": "*", "Content-Security-Policy": "default-src *" },
  ...{ "Proxy-Authenticate": "Basic", Connection: "close, X-Own", "X-Own": "1" },
  ...{ "Keep-Alive": "timeout=999" },
};

beforeAll(async () => {
  endpoint = await listen({ host: "127.0.0.1", port: 0 }, async (message) => {
    heard.push(message);
    const text = await message.clone().text();
    if (text.includes("stream")) return stream(message);
    if (text.includes("forward"))
      return new Response(null, { status: 307, headers: ANSWER_HEADERS });
    return Response.json({ jsonrpc: "2.0", id: 1, result: {} }, { headers: ANSWER_HEADERS });
  });
  const about = { deployment: "here", kind: "dev", mcpUrl: `${endpoint.url}/mcp` } as const;
  door = await listen({ host: "127.0.0.1", port: 0 }, consoleApp({ about, run }, TOKEN));
});
afterAll(() => Promise.all([door.close(), endpoint.close()]));

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export const withToken = { Authorization: `Bearer ${TOKEN}` };
export const json = { ...withToken, "Content-Type": "application/json" };

/** `fetch` sets Host, Origin and Sec-Fetch-Site itself; this one sends what it is told. */
export const ask = (path: string, { method = "GET", headers = {}, body = "" }: Asked = {}) =>
  new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const { port } = new URL(door.url);
      const sent = request({ host: "127.0.0.1", port, path, method, headers }, (reply) => {
        let text = "";
        reply.on("data", (chunk: Buffer) => (text += chunk.toString()));
        reply.on("end", () => {
          resolve({ status: reply.statusCode ?? 0, text, headers: reply.headers });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    },
  );

export const post = (path: string, body: string, headers: Record<string, string> = json) =>
  ask(path, { method: "POST", headers, body });

export const call = (name: string, args: object = {}) =>
  post("/console/run", JSON.stringify({ function: name, args }));

export const DATA = [
  ["GET", "/console/about"],
  ["POST", "/console/run"],
  ["POST", "/console/mcp"],
] as const;

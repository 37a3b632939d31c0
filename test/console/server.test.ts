/** The console's server: who may ask it, what it runs, and what it passes on. The page itself has tests in a browser. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAllowed } from "../../cli/console/allowed";
import { consoleApp } from "../../cli/console/app";
import type { Operated } from "../../cli/console/operated";
import { listen, type Door } from "../../cli/serve/listen";
import { Refusal } from "../../cli/serve/refusal";

const TOKEN = "token-of-this-start";
const ran: [string, object][] = [];
const heard: Request[] = [];
let left: Promise<unknown>;
let endpoint: Door;
let door: Door;

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

const run: Operated["run"] = async (name, args) => {
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

const withToken = { Authorization: `Bearer ${TOKEN}` };
const json = { ...withToken, "Content-Type": "application/json" };

/** `fetch` sets Host, Origin and Sec-Fetch-Site itself; this one sends what it is told. */
const ask = (path: string, { method = "GET", headers = {}, body = "" }: Asked = {}) =>
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

const post = (path: string, body: string, headers: Record<string, string> = json) =>
  ask(path, { method: "POST", headers, body });

const call = (name: string, args: object = {}) =>
  post("/console/run", JSON.stringify({ function: name, args }));

const DATA = [
  ["GET", "/console/about"],
  ["POST", "/console/run"],
  ["POST", "/console/mcp"],
] as const;

describe("who may ask", () => {
  test.each(DATA)("%s %s needs the token", async (method, path) => {
    const before = [ran.length, heard.length];
    for (const Authorization of [undefined, "", "Bearer wrong", `Basic ${TOKEN}`, TOKEN]) {
      const headers = Authorization === undefined ? {} : { Authorization };
      const reply = await ask(path, { method, headers });
      expect([reply.status, reply.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
      expect(reply.text).toContain('"unauthorized"');
    }
    expect([ran.length, heard.length]).toEqual(before);
  });

  test.each(DATA)("%s %s is for its own page only", async (method, path) => {
    const before = [ran.length, heard.length];
    const foreign = [
      { Host: "rebound.example" },
      { Host: `rebound.example:${new URL(door.url).port}` },
      { Origin: "https://elsewhere.example" },
      { Origin: "null" },
      { Origin: "http://127.0.0.1:1" },
      { Origin: door.url.replace("http:", "https:") },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
    ];
    for (const headers of foreign) {
      const reply = await ask(path, { method, headers: { ...json, ...headers } });
      expect([JSON.stringify(headers), reply.status]).toEqual([JSON.stringify(headers), 403]);
    }
    expect([ran.length, heard.length]).toEqual(before);
  });

  test("a page of its own origin may", async () => {
    const headers = { ...json, Origin: door.url, "Sec-Fetch-Site": "same-origin" };
    expect((await ask("/console/about", { headers })).status).toBe(200);
  });

  test("the page itself is for everybody on this machine, but not under another name", async () => {
    expect((await ask("/console", { headers: { Host: "rebound.example" } })).status).toBe(403);
    expect((await ask("/console/assets/none.js")).status).toBe(404);
    expect((await ask("/console/elsewhere")).status).toBe(401);
    expect((await ask("/console/assets/..%2f..%2f..%2fpackage.json")).status).toBe(404);
    expect((await ask("/elsewhere")).status).toBe(404);
  });

  test("no answer can be framed, kept or sniffed, and only own scripts run", async () => {
    const { headers } = await ask("/console/about", { headers: withToken });
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]+'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });
});

describe("what it runs", () => {
  test("a function of its list, with its arguments", async () => {
    const reply = await call("admin:listKeys", { limit: 5 });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([
      200,
      { value: { echo: { limit: 5 } } },
    ]);
    expect(ran.at(-1)).toEqual(["admin:listKeys", { limit: 5 }]);
  });

  test("nothing else, whatever its name", async () => {
    const before = ran.length;
    for (const name of [
      ...["admin:insertKey", "admin:replaceKey", "admin:verifyKey", "gate:admit", "jobs:sweep"],
      ...["toolgate/admin:listKeys", "../admin:listKeys", "constructor", "__proto__", ""],
    ]) {
      const reply = await call(name);
      expect([name, reply.status, isAllowed(name)]).toEqual([name, 400, false]);
      expect(reply.text).toContain('"not_allowed"');
    }
    expect(ran.length).toBe(before);
  });

  test.each([
    "",
    "[]",
    "{",
    '{"function":1}',
    '{"function":"admin:listKeys","args":[]}',
    '{"a":1}',
  ])("%j is refused with what to send", async (body) => {
    const reply = await post("/console/run", body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text).error.code).toBe("malformed");
  });

  test("a refusal is told, a fault is not", async () => {
    const refused = await call("admin:getKey", { refused: true });
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([400, "not_found"]);
    const broken = await call("admin:getKey", { broken: true });
    expect(broken.status).toBe(500);
    expect(broken.text).not.toContain("secret detail");
  });
});

describe("the playground", () => {
  const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });

  test("sends the message with the pasted key, and neither token nor origin of the console", async () => {
    const headers = { ...json, Origin: door.url, "X-Mcp-Key": "pasted", "Mcp-Method": "ping" };
    const reply = await post("/console/mcp", message, { ...headers, Cookie: "a=b" });
    expect([reply.status, JSON.parse(reply.text).jsonrpc]).toEqual([200, "2.0"]);
    const sent = heard.at(-1)!;
    expect(await sent.text()).toBe(message);
    expect(sent.headers.get("authorization")).toBe("Bearer pasted");
    expect(sent.headers.get("mcp-method")).toBe("ping");
    for (const name of ["origin", "cookie", "x-mcp-key", "sec-fetch-site"])
      expect([name, sent.headers.get(name)]).toEqual([name, null]);
  });

  test.each(["ping", "forward"])(
    "gives the page of the answer to %s what it needs, and nothing that acts on its origin",
    async (method) => {
      const reply = await post("/console/mcp", JSON.stringify({ method }));
      expect(reply.headers).toMatchObject({
        ...{ "retry-after": "7", "mcp-session-id": "s1", "www-authenticate": "Bearer" },
        "content-security-policy": expect.stringContaining("default-src 'none'"),
      });
      for (const name of [
        ...["set-cookie", "clear-site-data", "location", "refresh", "access-control-allow-origin"],
        ...["proxy-authenticate", "x-own"],
      ])
        expect([name, reply.headers[name]]).toEqual([name, undefined]);
      expect(reply.headers["keep-alive"]).not.toBe("timeout=999");
    },
  );

  test("streams an answer as it comes, and leaves when the page does", async () => {
    const leaving = new AbortController();
    const reply = await fetch(`${door.url}/console/mcp`, {
      ...{ method: "POST", headers: json, body: JSON.stringify("stream") },
      signal: leaving.signal,
    });
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    const first = await reply.body!.getReader().read();
    expect(new TextDecoder().decode(first.value)).toBe("data: 1\n\n");
    leaving.abort();
    await left;
  });

  test("refuses a message that is too large", async () => {
    const reply = await post("/console/mcp", `"${"x".repeat(1024 * 1024)}"`);
    expect(reply.status).toBe(413);
  });

  test("says if nobody answers", async () => {
    const about = { deployment: "gone", kind: "dev", mcpUrl: "http://127.0.0.1:1/mcp" } as const;
    const answer = consoleApp({ about, run }, TOKEN);
    const init = { method: "POST", headers: { ...json, Host: "127.0.0.1" }, body: "{}" };
    const reply = await answer(new Request("http://127.0.0.1/console/mcp", init), {
      ...{ ip: "127.0.0.1", userAgent: null },
    });
    expect([reply.status, await reply.text()]).toEqual([
      502,
      expect.stringContaining("No answer from http://127.0.0.1:1"),
    ]);
  });

  test("nothing of it is for another machine", async () => {
    const about = { deployment: "here", kind: "dev", mcpUrl: "http://127.0.0.1:1/mcp" } as const;
    const answer = consoleApp({ about, run }, TOKEN);
    const headers = { ...withToken, Host: "127.0.0.1" };
    for (const path of ["/console", "/console/about", "/console/assets/a.js"]) {
      const asked = new Request(`http://127.0.0.1${path}`, { headers });
      expect((await answer(asked, { ip: "192.0.2.7", userAgent: null })).status).toBe(403);
    }
  });
});

/** What goes wrong between a client and a deployment, each as `startFaultProxy` takes it. */
import { INVALID_KEY_MESSAGE } from "../../src/auth/challenge";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { pass, relay, type Fault, type Passage } from "./faultProxy";

type When = (passage: Passage) => boolean;

/** Does it to some requests and passes the others on. */
const where =
  (when: When, fault: Fault): Fault =>
  (passage) =>
    when(passage) ? fault(passage) : pass(passage);

const reply =
  (status: number, body: string, headers: Record<string, string> = {}): Fault =>
  async ({ outgoing }) => {
    outgoing.writeHead(status, { "Content-Type": "application/json", ...headers });
    outgoing.end(body);
  };

const redirectTo = (location: string): Fault => reply(303, "", { Location: location });

const html: Fault = reply(200, "<h1>Sign in</h1>", { "Content-Type": "text/html" });

const errorReply = (status: number, message: string, headers?: Record<string, string>): Fault =>
  reply(status, JSON.stringify({ jsonrpc: "2.0", error: { code: status, message } }), headers);

/** Passes the body on after a change. */
const rewriting =
  (change: (body: string) => string): Fault =>
  async ({ upstream, outgoing }) => {
    const answer = await upstream();
    outgoing.writeHead(answer.statusCode!, { "Content-Type": answer.headers["content-type"]! });
    outgoing.end(change(await text(answer)));
  };

/** What the server sends first on a stream. */
const open = ": open\n\n";

const hasKey: When = ({ headers }) => headers.authorization !== undefined;
const isCall =
  (method: string): When =>
  ({ body }) =>
    body.includes(`"method":"${method}"`);
const isModern: When = ({ headers }) => headers["mcp-protocol-version"] === "2026-07-28";
const wantsStream: When = ({ method, headers }) =>
  method === "POST" && headers.accept === "text/event-stream";
const both =
  (...all: When[]): When =>
  (passage) =>
    all.every((when) => when(passage));
const not =
  (when: When): When =>
  (passage) =>
    !when(passage);

export const stripsChallenge: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing, { "www-authenticate": undefined });
};

export const asksStrangersIn = where(
  ({ method, path, headers: { authorization, origin } }) =>
    method === "POST" && path === "/mcp" && authorization === undefined && origin === undefined,
  reply(200, '{"jsonrpc":"2.0","id":1,"result":{}}'),
);

const toAnyPage = { "Access-Control-Allow-Origin": "*" };
export const opensToPages = where(
  ({ method, headers }) => method === "POST" && headers.origin !== undefined,
  reply(200, "{}", toAnyPage),
);
export const opensPreflight = where(
  ({ method }) => method === "OPTIONS",
  reply(204, "", { ...toAnyPage, "Access-Control-Allow-Headers": "*" }),
);

export const oldDate: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing, { date: "Mon, 02 Jan 2023 03:04:05 GMT" });
};
export const noDate: Fault = async ({ upstream, outgoing }) => {
  outgoing.sendDate = false;
  relay(await upstream(), outgoing, { date: undefined });
};

export const htmlAtWellKnown = where(
  ({ path }) => path.startsWith("/.well-known/"),
  reply(404, "<h1>Not found</h1>", { "Content-Type": "text/html" }),
);

const at =
  (place: string): When =>
  ({ path }) =>
    path.split("?")[0] === place;
const resource = "/.well-known/oauth-protected-resource";
const server = "/.well-known/oauth-authorization-server";
const replacing = (when: When, from: string | RegExp, to: string): Fault =>
  where(
    when,
    rewriting((body) => body.replace(from, to)),
  );
const metadata: When = ({ path }) => path.startsWith(server);

/** The answers of a deployment without OAuth. */
export const withoutOAuth: Fault = async (passage) => {
  if (passage.path.startsWith("/.well-known/")) return notThere(passage);
  const answer = await passage.upstream();
  const challenge = answer.headers["www-authenticate"]?.replace(/, resource_metadata=.*/, "");
  relay(answer, passage.outgoing, { "www-authenticate": challenge });
};
const notThere = reply(404, '{"error":"not_found"}');

export const unnamedMetadata: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing, { "www-authenticate": 'Bearer realm="mcp"' });
};
export const foreignMetadata: Fault = async ({ upstream, outgoing }) => {
  const challenge = `Bearer resource_metadata="https://elsewhere.example${resource}/mcp"`;
  relay(await upstream(), outgoing, { "www-authenticate": challenge });
};
export const noPathForm = where(at(`${resource}/mcp`), notThere);
export const otherResource = replacing(({ path }) => path.startsWith(resource), "/mcp", "/mcp/");
export const otherServer = replacing(
  ({ path }) => path.startsWith(resource),
  /"authorization_servers":\["[^"]*"/,
  '"authorization_servers":["https://elsewhere.example"',
);
export const noRootServer = where(at(server), notThere);
export const otherIssuer = replacing(metadata, /"issuer":"[^"]*/, "$&/");
export const otherEndpoint = replacing(
  metadata,
  /"token_endpoint":"[^"]*"/,
  '"token_endpoint":"https://elsewhere.example/token"',
);
export const noPkce = replacing(metadata, '"S256"', '"plain"');
export const noPublicClients = replacing(metadata, '"none"', '"client_secret_basic"');
export const noIss = replacing(
  metadata,
  '"authorization_response_iss_parameter_supported":true',
  '"x":1',
);
export const htmlAtOpenId = where(at("/.well-known/openid-configuration"), html);
export const ownOpenId = where(
  at("/.well-known/openid-configuration"),
  reply(200, '{"issuer":"https://elsewhere.example"}'),
);
export const refusesRegistration = where(at("/oauth/register"), reply(403, '{"error":"no"}'));
export const registersSecrets = replacing(
  at("/oauth/register"),
  '"token_endpoint_auth_method":"none"',
  '"token_endpoint_auth_method":"client_secret_basic"',
);
export const framable: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing, { "content-security-policy": undefined });
};
export const signInInFront = where(at("/oauth/authorize"), redirectTo("https://sso.example/login"));
export const ownPage = where(
  both(at("/oauth/authorize"), ({ path }) => !path.includes("elsewhere")),
  redirectTo("https://app.example.com/connect?request=x"),
);
export const redirectsAnywhere = where(
  both(at("/oauth/authorize"), ({ path }) => path.includes("elsewhere")),
  redirectTo("https://elsewhere.example/callback?code=x"),
);
export const otherGrantError = replacing(at("/oauth/token"), "invalid_grant", "server_error");

const never: Fault = () => Promise.resolve();
export const hangsOnGet = where(({ method, path }) => method === "GET" && path === "/mcp", never);
export const refusesGet = where(
  ({ method, path }) => method === "GET" && path === "/mcp",
  errorReply(401, INVALID_KEY_MESSAGE),
);

export const noPepper = where(
  hasKey,
  errorReply(503, "API keys are off on this deployment: TOOLGATE_PEPPERS must be …"),
);

/** Lets in whoever shows some key. */
export const takesAnyKey = (key: () => string): Fault =>
  where(hasKey, async ({ upstream, outgoing, headers }) => {
    relay(await upstream({ ...headers, authorization: `Bearer ${key()}` }), outgoing);
  });

export const stripsMcpHeaders: Fault = async ({ upstream, outgoing, headers }) => {
  const left = Object.entries(headers).filter(([name]) => !name.startsWith("mcp-"));
  relay(await upstream(Object.fromEntries(left)), outgoing);
};

export const breaksLegacy = where(
  (passage) =>
    isCall("initialize")(passage) || passage.headers["mcp-protocol-version"] === "2025-11-25",
  errorReply(400, "Unsupported protocol version"),
);
export const breaksModern = where(
  both(hasKey, isModern),
  reply(400, JSON.stringify({ error: { code: -32022, message: "Unsupported protocol version" } })),
);
export const answersHtml = where(
  both(
    hasKey,
    not(({ method }) => method === "GET"),
  ),
  html,
);
export const otherVersion = where(
  isCall("server/discover"),
  rewriting((body) => body.replace('"version":"0.1.0"', '"version":"0.0.9"')),
);

const isToolsList = both(isCall("tools/list"), not(wantsStream));
export const emptyToolsList = where(
  isToolsList,
  rewriting((body) => body.replace(/"tools":\[.*\]/, '"tools":[]')),
);
export const onlyWritingTools = where(
  isToolsList,
  rewriting((body) => body.replaceAll('"readOnlyHint":true', '"readOnlyHint":false')),
);
export const failingTool = where(
  isCall("tools/call"),
  reply(200, '{"jsonrpc":"2.0","id":1,"result":{"content":[{"text":"no"}],"isError":true}}'),
);

/** Says again what it was sent, the key among it. */
export const echoesKey = where(both(hasKey, isCall("tools/call")), (passage) =>
  errorReply(400, `Bad header ${passage.headers.authorization!}`)(passage),
);

/** Answers each call of a tool so many milliseconds later. */
export const slowTool = (ms: number): Fault =>
  where(isCall("tools/call"), async (passage) => {
    await sleep(ms);
    await pass(passage);
  });
/** Passes everything on, and notes the bodies of the calls of tools. */
export const countsCalls = (calls: string[]): Fault =>
  where(isCall("tools/call"), (passage) => {
    calls.push(passage.body);
    return pass(passage);
  });
/** Is overloaded after some calls of tools. */
export const failsLater = (after: number): Fault => {
  let calls = 0;
  return where(
    (passage) => isCall("tools/call")(passage) && ++calls > after,
    errorReply(503, "Overloaded"),
  );
};

export const dropsConnections: Fault = async ({ outgoing }) => {
  outgoing.destroy();
};
export const answersNothing = never;
export const nothingThere = reply(404, "No matching routes found", {
  "Content-Type": "text/plain",
});
export const redirects = reply(308, "", { Location: "https://elsewhere.example/mcp" });
export const badGateway = reply(502, "<h1>Bad gateway</h1>", { "Content-Type": "text/html" });
export const refusesHost = errorReply(403, "Host not allowed");

const isToolCall = isCall("tools/call");
export const limited = where(
  isToolCall,
  errorReply(429, "Too many requests", {
    "Retry-After": "3",
    "RateLimit-Policy": '"key";q=48;w=24',
  }),
);
export const limitedBlindly = where(isToolCall, errorReply(429, "Too many requests"));

/** Knows how long the answer is, since it has all of it. */
export const collectsStreams = where(wantsStream, async ({ upstream, outgoing }) => {
  const answer = await upstream();
  const whole = await text(answer);
  const length = String(Buffer.byteLength(whole));
  outgoing.writeHead(200, { "Content-Type": "text/event-stream", "Content-Length": length });
  outgoing.end(whole);
});
export const cutsStreams = where(wantsStream, async ({ outgoing }) => {
  outgoing.writeHead(200, { "Content-Type": "text/event-stream" });
  outgoing.write(open);
  await sleep(50);
  outgoing.destroy();
});
export const endsStreams = where(
  wantsStream,
  reply(200, open, { "Content-Type": "text/event-stream" }),
);
export const unstreams = where(wantsStream, html);

const progress = 'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\n\n';
const result =
  'event: message\ndata: {"jsonrpc":"2.0","id":1,"result":{"content":[],"structuredContent":{}}}\n\n';

/** A long tool that sends a piece after each of these pauses, in milliseconds. */
const longTool = (...pieces: [pause: number, piece: string][]): Fault =>
  where(both(wantsStream, isToolCall), async ({ outgoing }) => {
    outgoing.writeHead(200, { "Content-Type": "text/event-stream" });
    outgoing.flushHeaders();
    for (const [pause, piece] of pieces) {
      await sleep(pause);
      outgoing.write(piece);
    }
    outgoing.end();
  });

export const steadyTool = longTool([0, open], [100, progress], [100, progress], [100, result]);
export const silentTool = longTool([0, open], [1_000, progress], [0, result]);
export const bufferedTool = longTool([500, `${open}${progress}${result}`]);
export const briefTool = longTool([0, `${open}${result}`]);
export const endlessTool = longTool([0, open], ...Array<[number, string]>(9).fill([200, progress]));
export const withheldTool = where(both(wantsStream, isToolCall), never);

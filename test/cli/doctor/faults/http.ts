/** What goes wrong with HTTP between a client and a deployment, each as `startFaultProxy` takes it. */
import { INVALID_KEY_MESSAGE } from "../../../../src/auth/challenge";
import { relay, type Fault } from "../../faultProxy";
import { errorReply, hasKey, never, reply, where } from "./pieces";

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

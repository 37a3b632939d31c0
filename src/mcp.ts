/** The handler behind the gate: HTTP around the dispatcher. */
import { admit } from "./admit";
import { readJson } from "./body";
import type { ActionCtx, Handler, WithEvidence } from "./compose";
import { begin, isReply, rescue, type Peer, type Reply, type Task } from "./dispatcher";
import { isNotification } from "./jsonrpc";
import { checkAccept, progressTokenOf } from "./negotiation";
import { classifyBatch } from "./protocol/classify";
import { legacyEra } from "./protocol/legacy";
import { empty, json, reject } from "./responses";
import type { McpServer } from "./server";
import { eventStream } from "./sse";

const respond = ({ status, headers, body }: Reply): Response =>
  body === undefined ? empty(status, headers) : json(body, status, headers);

/** Streams the reply of one task. With a progress token, progress counts the seconds it has been running. */
const stream = ({ exchange, run }: Task): Response => {
  const progressToken = progressTokenOf(exchange);
  const startedAt = Date.now();
  return eventStream(
    exchange.request.signal,
    async (events) => {
      const { body } = await run();
      if (body !== undefined) events.message(body);
    },
    (events) => {
      events.comment("keep-alive");
      if (progressToken === undefined) return;
      const progress = Math.round((Date.now() - startedAt) / 1000);
      events.message({
        jsonrpc: "2.0",
        method: "notifications/progress",
        params: { progressToken, progress },
      });
    },
  );
};

const single = async (peer: Peer, value: unknown): Promise<Response> => {
  const task = await begin(peer, value);
  if (isReply(task)) return respond(task);
  return task.streams ? stream(task) : respond(await task.run());
};

/** Messages run one after the other, in their order. A caller who is nobody is told so once. */
const batch = async (peer: Peer, values: readonly unknown[]): Promise<Reply> => {
  const era = classifyBatch(values, peer.request.headers);
  const bodies: object[] = [];
  for (const value of values) {
    const task = await begin(peer, value, era);
    const reply = isReply(task) ? task : await task.run();
    if (reply.status === 401) return reply;
    if (reply.body !== undefined && !isNotification(value)) bodies.push(reply.body);
  }
  return bodies.length === 0 ? { status: 202 } : { status: 200, body: bodies };
};

const post = async (peer: Peer): Promise<Response> => {
  const value = await readJson(peer.request);
  checkAccept(peer.request.headers);
  return Array.isArray(value) ? respond(await batch(peer, value)) : single(peer, value);
};

/** GET would be a standing stream and DELETE the end of a session: this server has neither. A valid key never sees a 401. */
const refuseMethod = async (peer: Peer): Promise<Response> => {
  const { method } = peer.request;
  await admit(peer, legacyEra(new Headers()), { method: `http/${method}`, params: {} });
  return reject(405, `Method ${method} is not allowed; use POST`, { Allow: "POST, OPTIONS" });
};

/**
 * The MCP endpoint, for `compose(…gate)(mcp(server))`. Register it for every HTTP method: Convex answers an unrouted one with
 * a plain 404.
 *
 * @see MCP 2026-07-28 and 2025-11-25, basic/transports, Streamable HTTP
 */
export const mcp =
  (server: McpServer): Handler<ActionCtx & WithEvidence> =>
  async (ctx, request) => {
    const peer: Peer = { server, ctx, request };
    const response = await rescue(undefined, () =>
      request.method === "POST" ? post(peer) : refuseMethod(peer),
    );
    return response instanceof Response ? response : respond(response);
  };

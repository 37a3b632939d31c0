/** The handler behind the gate: HTTP around the dispatcher. */
import type { ActionCtx } from "../data/database";
import type { WithEvidence } from "../middleware/compose";
import type { Handler } from "../middleware/guard";
import { checkAccept } from "../wire/accept";
import { readJson } from "../wire/body";
import { isNotification } from "../wire/jsonrpc";
import { empty, json, reject } from "../wire/responses";
import { eventStream } from "../wire/sse";
import { admit } from "./admit";
import { begin, isReply, toReply, type Work } from "./dispatcher";
import { classifyBatch } from "./eras/classify";
import { legacyEra } from "./eras/legacy";
import type { Incoming, Reply } from "./exchange";
import { notifier } from "./notifier";
import type { McpServer } from "./server";
import { progressTokenOf } from "./streaming";

const respond = ({ status, headers, body }: Reply): Response =>
  body === undefined ? empty(status, headers) : json(body, status, headers);

/** Streams the reply of one request, and what the client wants to hear on the way. */
const stream = ({ exchange, run }: Work): Response =>
  eventStream(exchange.request.signal, (events) => {
    const wanted = {
      progressToken: progressTokenOf(exchange),
      logLevel: exchange.era.logLevel(exchange.message),
    };
    const told = notifier(wanted, (message) => {
      events.message(JSON.stringify(message));
    });
    return {
      work: async () => {
        const { body } = await run(told);
        if (body !== undefined) events.message(body);
      },
      beat: () => {
        events.comment("keep-alive");
        told.beat();
      },
    };
  });

const single = async (peer: Incoming, value: unknown): Promise<Response> => {
  const work = await begin(peer, value);
  if (isReply(work)) return respond(work);
  return work.streams ? stream(work) : respond(await work.run());
};

/** Messages run one after the other, in their order. A caller who is nobody is told so once. */
const batch = async (peer: Incoming, values: readonly unknown[]): Promise<Reply> => {
  const era = classifyBatch(values, peer.request.headers);
  const bodies: string[] = [];
  for (const value of values) {
    const work = await begin(peer, value, era);
    const reply = isReply(work) ? work : await work.run();
    // Later on it would hide what has been done.
    if (reply.status === 401 && bodies.length === 0) return reply;
    if (reply.body !== undefined && !isNotification(value)) bodies.push(reply.body);
  }
  return bodies.length === 0 ? { status: 202 } : { status: 200, body: `[${bodies.join(",")}]` };
};

const post = async (peer: Incoming): Promise<Response> => {
  const value = await readJson(peer.request);
  checkAccept(peer.request.headers);
  return Array.isArray(value) ? respond(await batch(peer, value)) : single(peer, value);
};

/** GET would be a standing stream and DELETE the end of a session: this server has neither. A valid key never sees a 401. */
const refuseMethod = async (peer: Incoming): Promise<Response> => {
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
    const peer: Incoming = { server, ctx, request, receivedAt: Date.now() };
    try {
      return await (request.method === "POST" ? post(peer) : refuseMethod(peer));
    } catch (error) {
      return respond(toReply(error));
    }
  };

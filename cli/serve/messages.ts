/** What HTTP/1.1 asks of a server and Node leaves to the program: whom a request is for, and how a connection ends early. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * Puts a request whose target is a whole URL into the usual form: the authority of the target is the Host then, and the Host header that
 * came with it does not count.
 *
 * @see RFC 9112 section 3.2.2
 */
export const takeAuthority = (incoming: IncomingMessage): void => {
  const [, authority, rest] = ABSOLUTE.exec(incoming.url ?? "") ?? [];
  if (authority === undefined || rest === undefined) return;
  incoming.url = rest.startsWith("/") ? rest : `/${rest}`;
  incoming.headers.host = authority;
  const others = incoming.rawHeaders.flatMap((name, i, all) =>
    i % 2 === 0 && name.toLowerCase() !== "host" ? [name, all[i + 1] ?? ""] : [],
  );
  incoming.rawHeaders = [...others, "Host", authority];
};

/** How long a client may go on to send after its answer, in milliseconds. It may not read before it has sent everything. */
const LINGER_MS = 2_000;

const ending = new WeakSet<Socket>();

/** Whether the last answer of this connection is told already. Whatever comes after is no request. */
export const isEnding = ({ socket }: IncomingMessage): boolean => ending.has(socket);

const end = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const { socket } = incoming;
  ending.add(socket);
  outgoing.setHeader("Connection", "close");
  // Node calls it as soon as the answer is written, and so does the adapter.
  socket.destroySoon = () => {
    socket.end();
  };
  outgoing.once("close", () => {
    incoming.removeAllListeners("data").resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
};

/**
 * Makes an answer that begins before the whole request has arrived the last of its connection, and lets it say so. What the client still
 * sends is read and thrown away for a while: a socket that is closed with unread bytes takes back an answer that is still on its way.
 *
 * @see RFC 9112 section 9.6
 */
export const endEarly = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const write = outgoing.writeHead.bind(outgoing) as (...head: unknown[]) => ServerResponse;
  outgoing.writeHead = (...head: unknown[]) => {
    if (!incoming.complete) end(incoming, outgoing);
    return write(...head);
  };
};

/** Runs Node's HTTP server around a function from Request to Response. */
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { internalErrorResponse } from "../../src/wire/responses";
import { endEarly, isEnding, takeAuthority } from "./messages";

/** The sender of a request, as `ctx.meta.getRequestMetadata()` of Convex describes it. */
export interface Peer {
  readonly ip: string;
  readonly userAgent: string | null;
}

export type Answer = (request: Request, peer: Peer) => Promise<Response>;

export interface Address {
  readonly host: string;
  /** The port; 0 for any free one. */
  readonly port: number;
}

/** A server that listens. */
export interface Door {
  /** The URL of the server, without a trailing slash. */
  readonly url: string;
  /** Cuts open connections and frees the port. */
  readonly close: () => Promise<void>;
}

/** The server cannot listen. `message` says why, in one line for people. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use; set PORT to another one",
  EACCES: "needs more rights than this process has; set PORT to one above 1023",
};

const explain = ({ code, message }: NodeJS.ErrnoException, { port, host }: Address): Error =>
  new ListenError(
    code !== undefined && code in reasons
      ? `Port ${port} ${reasons[code] ?? ""}`
      : `Cannot listen on ${host}: ${message}`,
  );

const bind = (server: Server, address: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(explain(error, address));
    });
    server.listen(address.port, address.host, resolve);
  });

const urlOf = (server: Server, host: string): string => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
};

/** Removes the prefix with which a dual-stack socket shows IPv4 peers: `::ffff:1.2.3.4`. */
const plainAddress = (address = ""): string => address.replace(/^::ffff:/i, "");

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    // Event streams would keep the server open until they end.
    server.closeAllConnections();
  });

/**
 * Starts to listen. Bodies are streamed both ways. `request.signal` aborts if the client leaves before the answer is complete. If
 * `answer` rejects, the client gets an internal error. An answer that comes before the whole body is the last of its connection. A target
 * that is a whole URL decides what the Host is.
 *
 * @throws ListenError if the port is in use or cannot be opened.
 */
export const listen = async (address: Address, answer: Answer): Promise<Door> => {
  const listener = getRequestListener(
    (request, { incoming }) =>
      answer(request, {
        ip: plainAddress(incoming.socket.remoteAddress),
        userAgent: request.headers.get("user-agent"),
      }).catch(internalErrorResponse),
    // convex-test guards Request and Response itself, and the app must get Node's own.
    { overrideGlobalObjects: false },
  );
  const server = createServer((incoming, outgoing) => {
    if (isEnding(incoming)) return;
    takeAuthority(incoming);
    endEarly(incoming, outgoing);
    // A body that came along with the head has arrived then.
    setImmediate(() => {
      if (!outgoing.destroyed) void listener(incoming, outgoing);
    });
  });
  // Longer than clients keep idle connections, so that no client sends into a connection that is just being closed.
  server.keepAliveTimeout = 65_000;
  await bind(server, address);
  return { url: urlOf(server, address.host), close: () => close(server) };
};

/**
 * Adds an API key to every request: the suite has no option for one. All else passes as it came: header names and their case,
 * Host and Origin, streams, and the end of a connection on either side.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface KeyProxy {
  readonly port: number;
  /** Answers that must never be: 5xx, and lists that others may cache though they depend on the key. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** The text of a JSON answer, once it is complete. */
const readText = (answer: IncomingMessage, done: (text: string) => void): void => {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => {
    done(Buffer.concat(chunks).toString());
  });
};

const forward = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { target, key, faults }: { target: URL; key: string; faults: string[] },
): void => {
  const { method = "GET", url = "/", rawHeaders, headers } = incoming;
  const added = headers.authorization === undefined ? ["Authorization", `Bearer ${key}`] : [];
  const { hostname: host, port } = target;
  const upstream = request({ host, port, method, path: url, headers: [...rawHeaders, ...added] });
  upstream.on("response", (answer) => {
    const { statusCode = 502 } = answer;
    if (statusCode >= 500) faults.push(`${method} ${url} ${String(statusCode)}`);
    if (answer.headers["content-type"] === "application/json") {
      readText(answer, (text) => {
        if (/"cacheScope":"(?!private")/.test(text)) faults.push(`${method} ${url} not private`);
      });
    }
    outgoing.writeHead(statusCode, answer.rawHeaders);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on("error", () => outgoing.destroy());
  });
  upstream.on("error", () => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  });
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
};

/** Listens on a free port of this machine. */
export const startKeyProxy = async (url: string, key: string): Promise<KeyProxy> => {
  const faults: string[] = [];
  const settings = { target: new URL(url), key, faults };
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, settings);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { port, faults, close };
};

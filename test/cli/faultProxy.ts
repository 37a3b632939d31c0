/** A proxy in front of an endpoint that does one thing wrong at a time, as those in front of deployments do. */
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

/** One request on its way. */
export interface Passage {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Towards the client. */
  readonly outgoing: ServerResponse;
  /** Asks the endpoint, with these headers or the client's own. */
  readonly upstream: (headers?: IncomingHttpHeaders) => Promise<IncomingMessage>;
}

/** What is done with a request in place of passing it on. */
export type Fault = (passage: Passage) => Promise<void>;

/** Passes an answer on; what `change` names is replaced in its headers, and undefined takes it out. */
export const relay = (
  answer: IncomingMessage,
  outgoing: ServerResponse,
  change: IncomingHttpHeaders = {},
): void => {
  const headers = Object.entries({ ...answer.headers, ...change }).filter(
    ([, value]) => value !== undefined,
  );
  outgoing.writeHead(answer.statusCode!, Object.fromEntries(headers));
  outgoing.flushHeaders();
  answer.pipe(outgoing);
};

/** Does nothing wrong. */
export const pass: Fault = async ({ upstream, outgoing }) => {
  relay(await upstream(), outgoing);
};

/** Replaces an address, also where it is a value in a query or a form. */
const readdressed = (text: string, from: string, to: string): string =>
  text.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to));

/** Names the proxy where the answer names the endpoint, as a deployment does that knows the address of the proxy in front of it. */
const asIfItKnew = async (
  answer: IncomingMessage,
  path: string,
  from: string,
  to: string,
): Promise<IncomingMessage> => {
  const challenge = answer.headers["www-authenticate"];
  if (challenge !== undefined)
    answer.headers["www-authenticate"] = readdressed(challenge, from, to);
  if (!path.startsWith("/.well-known/")) return answer;
  const { statusCode, headers } = answer;
  delete headers["content-length"];
  const body = Readable.from([readdressed(await text(answer), from, to)]);
  return Object.assign(body, { statusCode, headers }) as unknown as IncomingMessage;
};

const passageOf = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: URL,
): Promise<Passage> => {
  const { method = "GET", url: asked = "/", headers } = incoming;
  const own = `http://${headers.host ?? ""}`;
  const path = readdressed(asked, own, target.origin);
  const body = readdressed(await text(incoming), own, target.origin);
  if (body !== "") headers["content-length"] = String(Buffer.byteLength(body));
  const upstream = (changed = headers) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port } = target;
      // A connection of its own: what a fault leaves half-read is in nobody's way.
      const options = { hostname, port, method, path, headers: changed, agent: false };
      const asking = request(options, (answer) => {
        resolve(asIfItKnew(answer, path, target.origin, own));
      });
      asking.on("error", reject);
      outgoing.on("close", () => asking.destroy());
      asking.end(body);
    });
  return { method, path, headers, body, outgoing, upstream };
};

export interface FaultProxy {
  /** The endpoint, as it looks through the proxy. */
  readonly url: URL;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of this machine, and does to every request what `fault` does. */
export const startFaultProxy = async (target: URL, fault: Fault): Promise<FaultProxy> => {
  const server = createServer((incoming, outgoing) => {
    passageOf(incoming, outgoing, target)
      .then(fault)
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(target.pathname, `http://127.0.0.1:${port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

/** What faults are made of: to which requests, and what is done with them. */
import { text } from "node:stream/consumers";
import { pass, type Fault, type Passage } from "../../faultProxy";

export type When = (passage: Passage) => boolean;

/** Does it to some requests and passes the others on. */
export const where =
  (when: When, fault: Fault): Fault =>
  (passage) =>
    when(passage) ? fault(passage) : pass(passage);

export const reply =
  (status: number, body: string, headers: Record<string, string> = {}): Fault =>
  async ({ outgoing }) => {
    outgoing.writeHead(status, { "Content-Type": "application/json", ...headers });
    outgoing.end(body);
  };

export const redirectTo = (location: string): Fault => reply(303, "", { Location: location });

export const html: Fault = reply(200, "<h1>Sign in</h1>", { "Content-Type": "text/html" });

export const errorReply = (
  status: number,
  message: string,
  headers?: Record<string, string>,
): Fault =>
  reply(status, JSON.stringify({ jsonrpc: "2.0", error: { code: status, message } }), headers);

/** Passes the body on after a change. */
export const rewriting =
  (change: (body: string) => string): Fault =>
  async ({ upstream, outgoing }) => {
    const answer = await upstream();
    outgoing.writeHead(answer.statusCode!, { "Content-Type": answer.headers["content-type"]! });
    outgoing.end(change(await text(answer)));
  };

export const hasKey: When = ({ headers }) => headers.authorization !== undefined;

export const isCall =
  (method: string): When =>
  ({ body }) =>
    body.includes(`"method":"${method}"`);

export const wantsStream: When = ({ method, headers }) =>
  method === "POST" && headers.accept === "text/event-stream";

export const both =
  (...all: When[]): When =>
  (passage) =>
    all.every((when) => when(passage));

export const not =
  (when: When): When =>
  (passage) =>
    !when(passage);

export const at =
  (place: string): When =>
  ({ path }) =>
    path.split("?")[0] === place;

export const replacing = (when: When, from: string | RegExp, to: string): Fault =>
  where(
    when,
    rewriting((body) => body.replace(from, to)),
  );

export const never: Fault = () => Promise.resolve();

export const isToolCall = isCall("tools/call");

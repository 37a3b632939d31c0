/** What goes wrong at the endpoints of OAuth, as an error code of RFC 6749 section 5.2 and a sentence for people. */
import { STOPPED, STOPPED_RETRY_S } from "../auth/stop";
import { Overloaded } from "../runner/runner";
import { RpcError } from "../wire/jsonrpc";
import { json, logInternalError } from "../wire/responses";
import type { Texts } from "./pages/texts";

/** A text of the pages, and what is filled in. */
interface Told {
  readonly text: keyof Texts;
  readonly values?: Readonly<Record<string, string>>;
}

/** What else there is to say of a problem. */
interface Detail {
  /** 400 unless stated. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The text of the page that tells it, for people; the message is for developers. */
  readonly told?: Told;
  /** What the operator may run, for the page. */
  readonly command?: string;
}

/** An error that may be told. Any code below `serve` may throw it. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** @param code - as in RFC 6749. @param message - a sentence or two. */
  constructor(
    readonly code: string,
    message: string,
    readonly detail: Detail = {},
  ) {
    super(message);
  }
}

/** The most seconds in `Retry-After`. They are spread, so that those who were refused together do not come back together. */
const LONGEST_S = 3;

const busy = ({ cause }: Overloaded): Problem => {
  console.warn("toolgate: Convex gave up", cause);
  const seconds = 1 + Math.floor(Math.random() * LONGEST_S);
  return new Problem("temporarily_unavailable", "The server is busy. Try again.", {
    status: 503,
    headers: { "Retry-After": String(seconds) },
  });
};

/** While the operator has stopped all requests, nobody is connected and no token is given. */
export const stoppedProblem = (): Problem =>
  new Problem("temporarily_unavailable", STOPPED.all, {
    status: 503,
    headers: { "Retry-After": String(STOPPED_RETRY_S) },
  });

/** What may be told of any error. One that nobody expected is logged, and only the id of the log entry is told. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof Overloaded) return busy(error);
  if (error instanceof RpcError)
    return new Problem("invalid_request", error.message, { status: error.detail.status ?? 400 });
  return new Problem("server_error", logInternalError(error), { status: 500 });
};

/** What RFC 6749 allows in `error_description`: ASCII without quotes and backslashes. */
export const describable = (message: string): string =>
  message.replaceAll('"', "'").replace(/[^ -[\]-~]/g, "?");

/** The reply in JSON (RFC 6749 section 5.2). */
export const tellInJson = ({
  code,
  message,
  detail: { status = 400, headers },
}: Problem): Response =>
  json(JSON.stringify({ error: code, error_description: describable(message) }), status, headers);

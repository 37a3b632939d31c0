/** Sends one HTTP request to the deployment, measures its time, and reads the answer to its end. */
import { NoReply } from "./noReply";

/** A request. The default method is POST. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The time from the request to the end of the answer. */
  readonly ms: number;
  /** The time when its head came, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Sends a request. It follows no redirect, so that the key reaches no other host. @throws as `fetch` does. */
export const open = (
  url: URL,
  { method = "POST", headers = {}, body }: Ask,
  signal: AbortSignal,
): Promise<Response> =>
  fetch(url, { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) });

/**
 * Sends a request and reads the whole answer.
 *
 * @throws NoReply if that takes longer than `limitMs` milliseconds, or the connection fails.
 */
export const ask = async (url: URL, request: Ask, limitMs: number): Promise<Reply> => {
  const begun = performance.now();
  try {
    const response = await open(url, request, AbortSignal.timeout(limitMs));
    const receivedAt = Date.now();
    const { status, headers } = response;
    const text = await response.text();
    return { status, headers, text, ms: performance.now() - begun, receivedAt };
  } catch (error) {
    throw new NoReply(error, limitMs);
  }
};

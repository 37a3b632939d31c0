/** One HTTP request to the deployment, timed, and read to its end. */
import { NoReply } from "./noReply";

/** What is sent. A POST unless it says otherwise. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What comes back. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** From the request to the end of the answer. */
  readonly ms: number;
  /** When its head came, in milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Sends. Redirects are not followed: a key must not go where it was not meant to. */
export const open = (
  url: URL,
  { method = "POST", headers = {}, body }: Ask,
  signal: AbortSignal,
): Promise<Response> =>
  fetch(url, { method, headers, signal, redirect: "manual", ...(body !== undefined && { body }) });

/**
 * Sends and reads the whole answer.
 *
 * @throws NoReply if that takes longer than `limitMs`, or the connection fails.
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

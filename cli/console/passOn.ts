/** Passes messages of the playground on to the MCP endpoint. A page could not: the endpoint is of another origin. */
import type { Context } from "hono";
import { refuse } from "../serve/runRoute";
import type { Env } from "./guard";

/** The header in which the page sends the key that somebody has pasted. `Authorization` has the token of the console. */
const KEY_HEADER = "X-Mcp-Key";

/** What a message needs of its headers: those of HTTP for a body in JSON, and those of MCP. */
const passes = (name: string): boolean =>
  ["accept", "content-type", "idempotency-key"].includes(name) || name.startsWith("mcp-");

const headersOf = ({ headers }: Request): Headers => {
  const passed = new Headers([...headers].filter(([name]) => passes(name)));
  const key = headers.get(KEY_HEADER);
  if (key !== null) passed.set("Authorization", `Bearer ${key}`);
  return passed;
};

/** What the page may have of the headers of an answer. A cookie of the endpoint's would be kept for this origin, and a redirect followed on it. */
const comesBack = (name: string): boolean =>
  ["content-type", "retry-after", "www-authenticate"].includes(name) || name.startsWith("mcp-");

const answerOf = ({ body, status, headers }: Response): Response =>
  new Response(body, { status, headers: [...headers].filter(([name]) => comesBack(name)) });

/**
 * Sends the message with the pasted key, and streams the answer as it comes. If the page leaves, so does the call.
 *
 * @param mcpUrl - the endpoint.
 */
export const passOn =
  (mcpUrl: string) =>
  async ({ req }: Context<Env>): Promise<Response> => {
    const { raw } = req;
    const message = { method: "POST", headers: headersOf(raw), body: await raw.arrayBuffer() };
    try {
      const sent = { ...message, signal: raw.signal, redirect: "manual" } as const;
      return answerOf(await fetch(mcpUrl, sent));
    } catch {
      return refuse(502, "unreachable", `No answer from ${new URL(mcpUrl).origin}`);
    }
  };

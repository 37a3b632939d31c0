/** A client that publishes a document of its own, and how a network answers with it. */
import { afterEach, beforeEach, vi } from "vitest";

export const HOST = "agent.example";
export const ID = `https://${HOST}/client.json`;
export const CALLBACK = `https://${HOST}/cb`;
export const HOUR = 60 * 60_000;

export const good = {
  client_id: ID,
  client_name: "Agent",
  redirect_uris: [CALLBACK, "http://127.0.0.1/cb"],
};

/** Its host is trusted, and each test puts back what it changes. */
export const trustHost = (): void => {
  beforeEach(() => {
    vi.stubEnv("CONVEX_SITE_URL", "https://happy-otter-123.convex.site");
    vi.stubEnv("TOOLGATE_PEPPERS", `one:${"1".repeat(32)}`);
    vi.stubEnv("TOOLGATE_OAUTH_CLIENTS", HOST);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
};

export const json = (body: unknown, { status = 200, headers = {} } = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

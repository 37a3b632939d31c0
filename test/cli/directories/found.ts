/** The ERP at a domain of its own, as a directory looks at it through what is planted. */
import { afterAll, beforeAll, vi } from "vitest";
import { judge } from "../../../cli/directories/judge";
import { look } from "../../../cli/directories/look";
import { issueKey, newServer, type Backend } from "../../support/gate";
import type { Plant } from "./plant";

/** A deployment at a domain of its own. */
export const ORIGIN = "https://mcp.acme.example";

let t: Backend;
export let key: string;

beforeAll(async () => {
  vi.stubEnv("TOOLGATE_URL", ORIGIN);
  vi.stubEnv("TOOLGATE_OPENAI_CHALLENGE", "a-token-of-the-portal");
  vi.stubEnv("TOOLGATE_REGISTRY_AUTH", "v=MCPv1; k=ed25519; p=AAAA");
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  t = await newServer({ demo: true });
  ({ key } = await issueKey(t));
});

afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const askedFor = (url: URL, body: unknown): string =>
  typeof body === "string" && body.startsWith("{")
    ? (JSON.parse(body) as { method: string }).method
    : url.pathname;

/** Looks at the ERP, through what is planted. */
export const found = async ({ origin = ORIGIN, change }: Plant = {}) => {
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit) => {
    const answer = await t.fetch(url.pathname + url.search, init);
    return change === undefined ? answer : change(askedFor(url, init.body), answer);
  });
  return judge(await look({ url: new URL(`${origin}/mcp`), key }));
};

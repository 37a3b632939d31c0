/** The console as a person uses it: the page that was built, before a real local server, with a watch for what must never happen. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { startServer, type LocalServer } from "../../local/server";
import type { ToolResult } from "../support/gate";
import { keepPicture, newPerson, sideways, type Person } from "./person";

// The tests of a file share a server; what limits do is tested elsewhere.
process.env.TOOLGATE_LIMIT_SCALE = "1000000";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface ConsoleSite {
  readonly origin: string;
  readonly mcpUrl: string;
  /** Of the console. */
  readonly token: string;
  /** The API key of a role in the demo company. */
  readonly key: (role: string) => string;
  /** Runs an operator's function, as the page does. */
  readonly run: <Value>(name: string, args: object) => Promise<Value>;
  /** Runs any function of the glue, as the cron and the command line do. */
  readonly operate: (name: string, args: object) => Promise<void>;
  /** Calls a tool, as a client does. */
  readonly call: (key: string, name: string, args: object) => Promise<ToolResult>;
}

const post = async (url: string, headers: Record<string, string>, body: object) => {
  const sent = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  const init = { method: "POST", headers: { ...sent, ...headers }, body: JSON.stringify(body) };
  return (await fetch(url, init)).text();
};

const runner =
  (origin: string, token: string) =>
  async <Value>(name: string, args: object): Promise<Value> => {
    const text = await post(
      `${origin}/console/run`,
      { authorization: `Bearer ${token}` },
      { function: name, args },
    );
    const answer = JSON.parse(text) as { value: Value } | { error: { message: string } };
    if ("error" in answer) throw new Error(`${name}: ${answer.error.message}`);
    return answer.value;
  };

const caller =
  (url: string) =>
  async (key: string, name: string, args: object): Promise<ToolResult> => {
    const text = await post(
      url,
      { authorization: `Bearer ${key}` },
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
    );
    // A stream ends with the answer.
    const last = /^data: (.+)\n*$/m.exec(text.slice(text.lastIndexOf("data: ")))?.[1] ?? text;
    return (JSON.parse(last) as { result: ToolResult }).result;
  };

/** Serves the app with its demo data, and the console, while the tests of this file run. */
export const serveConsole = (): ConsoleSite => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startServer({ host: "127.0.0.1", port: 0 });
  });
  afterAll(() => server.close());
  const origin = () => new URL(server.url).origin;
  const token = () => server.admin!.token;
  return {
    get origin() {
      return origin();
    },
    get mcpUrl() {
      return server.url;
    },
    get token() {
      return token();
    },
    key: (role) => server.keys.find((key) => key.tenant === "acme" && key.role === role)!.key,
    run: (name, args) => runner(origin(), token())(name, args),
    operate: async (name, args) => {
      const headers = { authorization: `Bearer ${token()}` };
      await post(server.admin!.url, headers, { function: `toolgate/${name}`, args });
    },
    call: (key, name, args) => caller(server.url)(key, name, args),
  };
};

/** A person at the console. */
export interface Operator extends Person {
  /** Goes to a screen: `/audit?tool=orders_create`. */
  readonly go: (path: string) => Promise<void>;
  /** What axe finds on the page, in short. */
  readonly barriers: () => Promise<string[]>;
  /** Addresses that the page asked for and that are not this server's. */
  readonly foreign: readonly string[];
}

const barriersOn = async (page: Page): Promise<string[]> => {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};

export const openConsole = async (
  browser: Browser,
  { origin, token }: ConsoleSite,
  { width = 1280, ...options }: BrowserContextOptions & { readonly width?: number } = {},
): Promise<Operator> => {
  const viewport = { width, height: 800 };
  const locale = "en-GB";
  const person = await newPerson(browser, { viewport, locale, ...options });
  const { page } = person;
  const foreign: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) foreign.push(url);
  });
  await page.goto(`${origin}/console#t=${token}`);
  await page.locator("main h1").waitFor();
  return {
    ...{ ...person, foreign },
    go: async (path) => {
      await page.evaluate((hash) => {
        window.location.hash = hash;
      }, path);
      await page.locator("main h1").waitFor();
    },
    barriers: () => barriersOn(page),
  };
};

/** What a designer and the browser have to say of the page as it is: nothing, one hopes. It keeps a picture. */
export const look = async ({ page, barriers }: Operator, name: string) => {
  await page.evaluate(() => {
    window.scrollTo(0, 0);
  });
  await keepPicture(page, name);
  return { barriers: await barriers(), sideways: await sideways(page) };
};

export const FINE = { barriers: [], sideways: 0 };

/** The four ways in which each screen is looked at. */
export const WAYS = [
  { width: 1280, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
  { width: 360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
] as const;

/** A client with a person before it: an official MCP client in this process, and a page that shows the server's views. */
import path from "node:path";
import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ElicitResult,
} from "@modelcontextprotocol/client";
import { build } from "esbuild";
import type { Browser, Frame, FrameLocator, Page } from "playwright-core";
import { listen, type Door } from "../../../cli/serve/listen";
import { newPerson } from "../person";
import type { Scene } from "./page";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

const scriptOf = async (name: string): Promise<string> => {
  const { outputFiles } = await build({
    ...{ entryPoints: [path.join(import.meta.dirname, `${name}.ts`)], bundle: true },
    ...{ write: false, format: "iife", platform: "browser", logLevel: "silent" },
  });
  return outputFiles[0]!.text.replaceAll("</script", String.raw`<\/script`);
};

const STYLE = "body{margin:0}iframe{display:block;width:100%;border:0;height:600px}";

/** Serves a page with a script of this folder. */
const servePage = async (name: "page" | "sandbox"): Promise<Door> => {
  const script = await scriptOf(name);
  const style = name === "page" ? STYLE : `${STYLE}iframe{height:100vh}`;
  const html = `<!doctype html><html lang="en"><title>${name}</title><link rel="icon" href="data:,"><style>${style}</style><body><script>${script}</script>`;
  return listen(LOOPBACK, () =>
    Promise.resolve(new Response(html, { headers: { "content-type": "text/html;charset=utf-8" } })),
  );
};

/** The page and its sandbox: two origins, as in life. */
export const serveHost = async () => {
  const [page, sandbox] = await Promise.all([servePage("page"), servePage("sandbox")]);
  return {
    ...{ page: page.url, sandbox: sandbox.url },
    close: () => Promise.all([page.close(), sandbox.close()]),
  };
};

export type HostSite = Awaited<ReturnType<typeof serveHost>>;

/** @param agree - how the person answers the server's questions; undefined for a client that cannot ask them. */
export const connectClient = async (
  url: URL,
  key: string,
  agree?: () => ElicitResult,
): Promise<Client> => {
  const capabilities = agree === undefined ? {} : { elicitation: {} };
  const client = new Client({ name: "host", version: "1" }, { capabilities });
  if (agree !== undefined) client.setRequestHandler("elicitation/create", agree);
  const requestInit = { headers: { Authorization: `Bearer ${key}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
};

/** Reads the view that a tool names in the list. */
const viewOf = async (client: Client, tool: string): Promise<string> => {
  const { tools } = await client.listTools();
  const { ui } = tools.find(({ name }) => name === tool)?._meta ?? {};
  const { resourceUri: uri } = ui as { resourceUri: string };
  const [content] = (await client.readResource({ uri })).contents;
  return (content as { text: string }).text;
};

export interface Showing {
  readonly client: Client;
  readonly tool: string;
  readonly args?: Record<string, unknown>;
  /** In place of what the tool returns; "none" while it runs. */
  readonly result?: CallToolResult | "none";
  readonly context?: Scene["context"];
  readonly capabilities?: Scene["capabilities"];
  /** Stands in for the client when the view calls a tool. */
  readonly callTool?: (name: string, args: Record<string, unknown>) => Promise<CallToolResult>;
}

export interface Shown {
  readonly page: Page;
  /** The view's own document. */
  readonly view: FrameLocator;
  /** The same, to run script in. */
  readonly frame: Frame;
  /** What the view has told the model. */
  readonly told: readonly string[];
}

export interface HostPage {
  /** Calls a tool, and shows what it returns in the view that the tool names. */
  readonly show: (showing: Showing) => Promise<Shown>;
  /** Every address that the browser has asked for, but for the page's and the sandbox's. */
  readonly strange: readonly string[];
  /** What the browser complains of. */
  readonly complaints: () => readonly string[];
  readonly leave: () => Promise<void>;
}

const resultOf = async ({ client, tool, args = {}, result }: Showing) => {
  if (result === "none") return {};
  return { result: result ?? (await client.callTool({ name: tool, arguments: args })) };
};

const sceneOf = async (showing: Showing, sandbox: string): Promise<Scene> => ({
  ...{ html: await viewOf(showing.client, showing.tool), sandbox },
  ...{ context: showing.context ?? {}, input: showing.args ?? {} },
  capabilities: showing.capabilities ?? { serverTools: {}, updateModelContext: { text: {} } },
  ...(await resultOf(showing)),
});

const watch = (page: Page, { page: own, sandbox }: HostSite): string[] => {
  const strange: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !url.startsWith(sandbox) && !url.startsWith("data:"))
      strange.push(url);
  });
  return strange;
};

/** What the official host side logs of messages, and what the browser says of the sandbox that the specification asks for. */
const EXPECTED =
  /^(?:Parsed message|Sending message|Ignoring message from unknown source) |can escape its sandboxing/;

const PATIENCE_MS = 10_000;
const SIZE = { width: 720, height: 640 };

/** Opens the page, which shows one view after the other. */
export const openHost = async (browser: Browser, site: HostSite): Promise<HostPage> => {
  const { page, complaints, leave } = await newPerson(browser);
  page.setDefaultTimeout(PATIENCE_MS);
  const strange = watch(page, site);
  let now: Showing | undefined;
  let told: string[] = [];
  await page.exposeFunction("callTool", (name: string, args: Record<string, unknown>) =>
    now?.callTool === undefined
      ? now?.client.callTool({ name, arguments: args })
      : now.callTool(name, args),
  );
  await page.exposeFunction("hear", (text: string) => void told.push(text));
  await page.goto(site.page);
  return {
    show: async (showing) => {
      now = showing;
      told = [];
      const scene = await sceneOf(showing, site.sandbox);
      await page.setViewportSize(SIZE);
      await page.evaluate((one) => window.show(one as Scene), scene as object);
      const view = page.frameLocator("iframe").frameLocator("iframe");
      return { page, view, frame: page.frames().at(-1)!, told };
    },
    ...{ strange, leave },
    complaints: () => complaints.filter((text) => !EXPECTED.test(text)),
  };
};

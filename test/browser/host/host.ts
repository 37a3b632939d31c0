/** A client with a person before it: an official MCP client in this process, and a page that shows the server's views. */
import path from "node:path";
import {
  Client,
  StreamableHTTPClientTransport,
  type CallToolResult,
  type ElicitResult,
} from "@modelcontextprotocol/client";
import { build } from "esbuild";
import type { Browser, BrowserContextOptions, Frame, FrameLocator, Page } from "playwright-core";
import { listen, type Door } from "../../../local/listen";
import { newPerson, type Person } from "../person";
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

export interface Shown {
  readonly page: Page;
  /** The view's own document. */
  readonly view: FrameLocator;
  /** The same, to run script in. */
  readonly frame: Frame;
  /** What the view has told the model. */
  readonly told: readonly string[];
  /** Every address that the browser has asked for, but for the page's and the sandbox's. */
  readonly strange: readonly string[];
  readonly complaints: readonly string[];
  readonly leave: () => Promise<void>;
}

export interface Showing {
  readonly site: HostSite;
  readonly browser: Browser;
  readonly client: Client;
  readonly tool: string;
  readonly args?: Record<string, unknown>;
  /** In place of what the tool returns; "none" while it runs. */
  readonly result?: CallToolResult | "none";
  readonly browserOptions?: BrowserContextOptions;
  readonly context?: Scene["context"];
  readonly capabilities?: Scene["capabilities"];
  /** Stands in for the client when the view calls a tool. */
  readonly callTool?: (name: string, args: Record<string, unknown>) => Promise<CallToolResult>;
}

const resultOf = async ({ client, tool, args = {}, result }: Showing) => {
  if (result === "none") return {};
  return { result: result ?? (await client.callTool({ name: tool, arguments: args })) };
};

const watch = (page: Page, { page: own, sandbox }: HostSite): string[] => {
  const strange: string[] = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !url.startsWith(sandbox) && !url.startsWith("data:"))
      strange.push(url);
  });
  return strange;
};

const open = async (page: Page, showing: Showing): Promise<string[]> => {
  const { site, client, tool, args = {}, context = {}, callTool } = showing;
  const told: string[] = [];
  const call = (name: string, own: Record<string, unknown>) =>
    callTool?.(name, own) ?? client.callTool({ name, arguments: own });
  await page.exposeFunction("callTool", call);
  await page.exposeFunction("hear", (text: string) => void told.push(text));
  await page.goto(site.page);
  const scene = {
    ...{ html: await viewOf(client, tool), sandbox: site.sandbox, context, input: args },
    capabilities: showing.capabilities ?? { serverTools: {}, updateModelContext: { text: {} } },
    ...(await resultOf(showing)),
  };
  await page.evaluate((one) => window.show(one as Scene), scene as object);
  return told;
};

/** What the official host side logs of each message, and what the browser says of the sandbox that the specification asks for. */
const EXPECTED = /^(?:Parsed|Sending) message |can escape its sandboxing/;

const PATIENCE_MS = 10_000;

/** Calls a tool, and shows what it returns in the view that the tool names. */
export const showView = async (showing: Showing): Promise<Shown> => {
  const person: Person = await newPerson(showing.browser, {
    ...{ viewport: { width: 720, height: 640 }, ...showing.browserOptions },
  });
  const { page, leave } = person;
  page.setDefaultTimeout(PATIENCE_MS);
  const strange = watch(page, showing.site);
  const told = await open(page, showing);
  const view = page.frameLocator("iframe").frameLocator("iframe");
  return {
    ...{ page, view, frame: page.frames().at(-1)!, told, strange, leave },
    get complaints() {
      return person.complaints.filter((text) => !EXPECTED.test(text));
    },
  };
};

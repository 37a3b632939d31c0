/** Clients that know nothing but the URL: they find OAuth, register or name their document, and come back with a token. */
import {
  Client as Client2,
  StreamableHTTPClientTransport as Transport2,
  UnauthorizedError as Unauthorized2,
  type OAuthClientProvider,
  type StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { UnauthorizedError as Unauthorized1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, describe, expect, test } from "vitest";
import { jsonSchemaValidator, newCustomer, serveApp } from "./app";
import { decide, type Decision } from "./person";

const app = serveApp();

const REDIRECT = "http://localhost:51234/callback";

/** Remembers what a client must, and where it sent the browser. */
const newProvider = (clientMetadataUrl?: string) => {
  let client: Awaited<ReturnType<OAuthClientProvider["clientInformation"]>>;
  let verifier = "";
  let discovered: Awaited<ReturnType<NonNullable<OAuthClientProvider["discoveryState"]>>>;
  const kept: { tokens?: StoredOAuthTokens | undefined; visited?: URL; saved: number } = {
    saved: 0,
  };
  const provider: OAuthClientProvider = {
    redirectUrl: REDIRECT,
    clientMetadata: { client_name: "Probe", redirect_uris: [REDIRECT] },
    ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
    state: () => "state-of-the-client",
    clientInformation: () => client,
    saveClientInformation: (information) => {
      client = information;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens;
      kept.saved += 1;
    },
    invalidateCredentials: (scope) => {
      if (scope === "all" || scope === "tokens") kept.tokens = undefined;
      if (scope === "all" || scope === "client") client = undefined;
    },
    saveDiscoveryState: (state) => {
      discovered = state;
    },
    discoveryState: () => discovered,
    redirectToAuthorization: (url) => {
      kept.visited = url;
    },
    saveCodeVerifier: (value) => {
      verifier = value;
    },
    codeVerifier: () => verifier,
  };
  return { provider, kept, clientId: () => client?.client_id };
};

type Made = ReturnType<typeof newProvider>;

/** The same steps for both kits: they differ in names only. */
interface Kit {
  readonly connect: (provider: OAuthClientProvider) => Promise<{
    readonly list: () => Promise<string[]>;
    readonly call: (name: string, args: Record<string, unknown>) => Promise<unknown>;
    readonly close: () => Promise<void>;
  }>;
  readonly finish: (provider: OAuthClientProvider, callback: URL) => Promise<void>;
  readonly Unauthorized: new (...args: never[]) => Error;
}

type Open = Awaited<ReturnType<Kit["connect"]>>;

const kit2 = (mode: "legacy" | "auto"): Kit => ({
  Unauthorized: Unauthorized2,
  connect: async (authProvider) => {
    const options = { jsonSchemaValidator, versionNegotiation: { mode } };
    const client = new Client2({ name: "connect-2", version: "1" }, options);
    await client.connect(new Transport2(app.url, { authProvider }));
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (name, args) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    };
  },
  // It compares `iss` itself (RFC 9207).
  finish: (authProvider, { searchParams }) =>
    new Transport2(app.url, { authProvider }).finishAuth(searchParams),
});

const kit1: Kit = {
  Unauthorized: Unauthorized1,
  connect: async (authProvider) => {
    const client = new Client1({ name: "connect-1", version: "1" }, { jsonSchemaValidator });
    const options = { authProvider: authProvider as never };
    await client.connect(new Transport1(app.url, options));
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: (name, args) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    };
  },
  finish: (authProvider, { searchParams }) =>
    new Transport1(app.url, { authProvider: authProvider }).finishAuth(searchParams.get("code")!),
};

const opened: Open[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** From the first refusal to a connection. */
const come = async (kit: Kit, { provider, kept }: Made, decision: Decision): Promise<Open> => {
  await expect(kit.connect(provider)).rejects.toBeInstanceOf(kit.Unauthorized);
  await kit.finish(provider, await decide(kept.visited!, decision));
  const open = await kit.connect(provider);
  opened.push(open);
  return open;
};

const kits: [string, Kit][] = [
  ["client 2.x, 2025", kit2("legacy")],
  ["client 2.x, newest", kit2("auto")],
  ["sdk 1.x", kit1],
];

describe.each(kits)("%s", (_name, kit) => {
  test("registers, is let in, lists and writes", async () => {
    const made = newProvider();
    const open = await come(kit, made, { key: app.key("admin") });
    expect(made.clientId()).toMatch(/^cvxmcp_cl_/);
    expect(made.kept.visited!.searchParams.get("resource")).toBe(app.url.href);
    expect(await open.list()).toContain("customers_create");
    const customer = newCustomer("connect");
    expect(await open.call("customers_create", customer)).toMatchObject({
      structuredContent: customer,
    });
  });

  test("may only read where the person says so", async () => {
    const open = await come(kit, newProvider(), { key: app.key("admin"), access: "read" });
    const names = await open.list();
    expect(names).toContain("customers_search");
    expect(names).not.toContain("customers_create");
  });

  test("names its document in place of a registration", async () => {
    const id = "https://claude.ai/oauth/claude-code-client-metadata";
    const made = newProvider(id);
    const open = await come(kit, made, { key: app.key("viewer") });
    expect(made.clientId()).toBe(id);
    expect(await open.list()).toContain("customers_search");
  });

  test("gets new tokens by itself once the access token is no longer taken", async () => {
    const made = newProvider();
    const open = await come(kit, made, { key: app.key("viewer") });
    const { tokens, saved } = made.kept;
    made.kept.tokens = { ...tokens!, access_token: `${tokens!.access_token.slice(0, -3)}AAA` };
    expect(await open.list()).toContain("customers_search");
    expect(made.kept.saved).toBe(saved + 1);
    expect(made.kept.tokens.refresh_token).not.toBe(tokens!.refresh_token);
  });

  test("asks the person again once the refresh token is not taken either", async () => {
    const made = newProvider();
    const open = await come(kit, made, { key: app.key("viewer") });
    const broken = (text: string) => `${text.slice(0, -3)}AAA`;
    const { access_token: access, refresh_token: refresh, ...rest } = made.kept.tokens!;
    made.kept.tokens = { ...rest, access_token: broken(access), refresh_token: broken(refresh!) };
    delete made.kept.visited;
    await expect(open.list()).rejects.toThrow();
    expect(made.kept.visited).toBeDefined();
  });
});

test("who cancels sends the client away with access_denied", async () => {
  const { provider, kept } = newProvider();
  await expect(kit1.connect(provider)).rejects.toBeInstanceOf(Unauthorized1);
  const back = await decide(kept.visited!, { key: "", decision: "cancel" });
  expect(Object.fromEntries(back.searchParams)).toMatchObject({
    ...{ error: "access_denied", state: "state-of-the-client", iss: app.url.origin },
  });
});

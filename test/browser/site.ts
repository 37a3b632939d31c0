/** A deployment behind a socket, and a client that waits for its code behind another: two origins, as in life. */
import { listen } from "../../cli/serve/listen";
import { newApp } from "../support/app";
import { issueKey, newServer, type Backend } from "../support/gate";
import { encode, newFlow, REDIRECT, type Flow } from "../support/connect";
import { galleryReply } from "./gallery";

export interface Site {
  readonly t: Backend;
  readonly url: string;
  readonly key: string;
  /** Where the client waits. */
  readonly callback: string;
  /** The address to which the client sends the person. */
  readonly authorizeUrl: (more?: { readonly scope?: string }) => Promise<string>;
  readonly close: () => Promise<void>;
}

const LOOPBACK = { host: "127.0.0.1", port: 0 };

const pathOf = ({ url }: Request): string => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

/** Names that the client calls itself, and that a person reads. */
export const CLIENT_NAME = "Hermes Agent";

const register = async (t: Backend, callback: string): Promise<string> => {
  const reply = await t.fetch("/oauth/register", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: CLIENT_NAME, redirect_uris: [callback] }),
  });
  return ((await reply.json()) as { client_id: string }).client_id;
};

const authorizing = (t: Backend, url: string, callback: string): Site["authorizeUrl"] => {
  const registered = register(t, callback);
  return async (more = {}) => {
    const flow: Flow = await newFlow(t, {
      ...{ clientId: await registered, redirectUri: callback },
      ...more,
    });
    return `${url}/oauth/authorize?${encode({ ...flow.query, resource: `${url}/mcp` })}`;
  };
};

export const startSite = async (): Promise<Site> => {
  process.env.TOOLGATE_LIMIT_SCALE = "1000";
  const t = newApp({ connect: { device: true } });
  const door = await listen(
    LOOPBACK,
    async (request) =>
      galleryReply(request) ??
      t.fetch(pathOf(request), {
        ...{ method: request.method, headers: [...request.headers] },
        ...(request.body && { body: await request.arrayBuffer() }),
      }),
  );
  const client = await listen(LOOPBACK, () =>
    Promise.resolve(
      new Response("<!doctype html><html lang=en><title>Back</title><h1>Back in the app</h1>", {
        headers: { "content-type": "text/html" },
      }),
    ),
  );
  process.env.CONVEX_SITE_URL = door.url;
  await newServer({ t });
  const { key } = await issueKey(t);
  const callback = client.url + new URL(REDIRECT).pathname;
  return {
    ...{ t, url: door.url, key, callback, authorizeUrl: authorizing(t, door.url, callback) },
    close: async () => {
      await Promise.all([door.close(), client.close()]);
    },
  };
};

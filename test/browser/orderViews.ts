/** The views of the ERP, in a page that speaks the protocol as clients do, before the running server, and orders to show. */
import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { serveApp } from "../clients/app";
import {
  connectClient,
  openHost,
  serveHost,
  type HostPage,
  type HostSite,
  type Showing,
} from "./host/host";
import { connectBrowser } from "./person";

export const app = serveApp();
let site: HostSite;
let browser: Browser;
export let client: Client;
let host: HostPage;

beforeAll(async () => {
  [site, browser, client] = await Promise.all([
    serveHost(),
    connectBrowser(),
    connectClient(app.url, app.key("admin")),
  ]);
  host = await openHost(browser, site);
});
afterAll(async () => {
  await host.leave();
  await Promise.all([client.close(), browser.close(), site.close()]);
});
afterEach(() => {
  expect([host.complaints(), host.strange]).toEqual([[], []]);
});

type More = Partial<Showing>;

export const show = (tool: string, args: Record<string, unknown>, more: More = {}) =>
  host.show({ client, tool, args, ...more });

export interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly totalMinor: number;
  readonly cancelReason?: string;
}

export const call = async (name: string, args: object): Promise<unknown> =>
  (await client.callTool({ name, arguments: { ...args } })).structuredContent;

/** The most lines of an order here: more than fit into a view. */
export const MANY = 14;

let customerId: string;
let productIds: string[];

const idsIn = async (name: string, limit: number): Promise<string[]> => {
  const { items } = (await call(name, { limit })) as { items: { id: string }[] };
  return items.map(({ id }) => id);
};

beforeAll(async () => {
  [customerId] = (await idsIn("customers_search", 1)) as [string];
  productIds = await idsIn("products_search", MANY);
});

/** A new draft of this many lines. */
export const newOrder = async (lines = 2, quantity = 2): Promise<Order> =>
  (await call("orders_create", {
    customerId,
    lines: productIds.slice(0, lines).map((productId) => ({ productId, quantity })),
  })) as Order;

export const readOrder = async (orderId: string) =>
  (await call("orders_get", { orderId })) as Order;

export const euros = (minor: number) =>
  new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" }).format(minor / 100);

export const failed = (text: string): CallToolResult => ({
  content: [{ type: "text", text }],
  isError: true,
});

/** Every page, as it is for some client and key. */
import { app } from "../../convex/toolgate/tools";
import { consentPage, toolsPage, type Asking } from "../../src/connect/pages/consent";
import { codePage, devicePage, devicePageDone } from "../../src/connect/pages/device";
import { lookOf, respond, type Page } from "../../src/connect/pages/page";
import { problemPage } from "../../src/connect/pages/problem";
import { visitPage } from "../../src/connect/pages/visit";
import type { Client } from "../../src/data/values";
import type { Proven } from "../../src/grants/prove";

export const look = lookOf(app, {});
export const origin = "https://some.convex.site";

const client = (over: Partial<Client> = {}): Client => ({
  ...{ id: "https://claude.ai/x", name: "Claude", host: "claude.ai", verified: true, ...over },
});

export const asking = (over: Partial<Client> = {}, more: Partial<Asking> = {}): Asking => ({
  client: client(over),
  request: "r".repeat(700),
  action: "/oauth/authorize",
  access: "all",
  ...more,
});

const tools = [
  { name: "orders_search", description: "Find <orders>.", writes: false },
  { name: "orders_create", title: "Create", description: 'Make "one".', writes: true },
];
export const proven: Proven = {
  keyId: "k",
  name: "n",
  subject: "s",
  tenant: "acme",
  role: "sales",
  tools,
};

export const device = {
  client: client({ name: "Hermes", verified: false }),
  access: "read",
} as const;

/** Every page, with a client of this name. */
export const pagesFor = (name: string): Record<string, Page> => ({
  consent: consentPage(look, asking({ name })),
  "a problem at the key": consentPage(look, asking({ name }, { problem: name })),
  unverified: consentPage(look, asking({ name, verified: false })),
  tools: toolsPage(look, asking({ name }), proven, "proof"),
  code: codePage(look, "/oauth/device", name, name),
  device: devicePage(look, {
    ...device,
    ...{ client: client({ name }), code: "BCDF-GHJK", action: "/oauth/device" },
  }),
  done: devicePageDone(look, true),
  refused: devicePageDone(look, false),
  problem: problemPage(look, { message: name, hint: name, command: name }),
  visit: visitPage(look, { app: { ...app, name, instructions: name }, origin }),
});

export const htmlOf = (page: Page, as = look): Promise<string> => respond(as, page).text();

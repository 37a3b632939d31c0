/** Every page with what is hard to show: long and hostile names, errors, many tools. Served under `/gallery/`. */
import { app } from "../../convex/toolgate/tools";
import { consentPage, toolsPage, type Asking } from "../../src/connect/pages/consent";
import { codePage, devicePage, devicePageDone } from "../../src/connect/pages/device";
import { lookOf, respond, type Look, type Page } from "../../src/connect/pages/page";
import { problemPage } from "../../src/connect/pages/problem";
import { visitPage } from "../../src/connect/pages/visit";
import type { Client } from "../../src/data/values";

const LOGO =
  "data:image/svg+xml;base64," +
  btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40"><rect width="40" height="40" rx="10" fill="#3a6"/><text x="52" y="28" font-family="sans-serif" font-size="22" font-weight="700" fill="#3a6">Acme</text></svg>',
  );

const claude: Client = {
  id: "https://claude.ai/x",
  name: "Claude",
  host: "claude.ai",
  verified: true,
};
const long = "Averylongwordwithoutanyspace".repeat(8);

const asking = (client: Partial<Client> = {}, more: Partial<Asking> = {}): Asking => ({
  ...{ client: { ...claude, ...client }, request: "r".repeat(900), action: "/nowhere" },
  ...{ access: "all", ...more },
});

const tools = Array.from({ length: 24 }, (_, at) => ({
  name: `orders_number_${String(at)}`,
  ...(at % 3 === 0 && { title: `Order number ${String(at)}` }),
  description: at % 7 === 0 ? `${long} <b>and</b> more.` : "Find what customers have ordered.",
  writes: at % 2 === 1,
}));

const proven = { keyId: "k", name: "n", subject: "s", tenant: "acme", role: "sales", tools };
const look = lookOf(app, {});
const device = { client: { id: "x", name: "Hermes", verified: false }, access: "read" } as const;
const BAD_KEY = look.texts.invalidKey;

const show = (page: Page, as: Look = look, status = 200) => respond(as, page, status);

/** Name → page. */
export const GALLERY: Readonly<Record<string, () => Response>> = {
  consent: () => show(consentPage(look, asking())),
  "consent-logo": () => show(consentPage(look, asking()), { ...look, logo: LOGO }),
  "consent-wrong-key": () => show(consentPage(look, asking({}, { problem: BAD_KEY }))),
  "consent-unverified": () =>
    show(
      consentPage(look, asking({ host: "127.0.0.1:4711", verified: false }, { access: "read" })),
    ),
  "consent-hostile": () =>
    show(
      consentPage(
        look,
        asking({
          host: `${"sub.".repeat(20)}xn--80ak6aa92e.example`,
          name: `"><script>alert(1)</script>\u202e${long}`,
          verified: false,
        }),
      ),
    ),
  tools: () => show(toolsPage(look, asking(), proven, "p".repeat(200))),
  "tools-none": () =>
    show(toolsPage(look, asking({}, { problem: look.texts.noTool }), proven, "p")),
  code: () => show(codePage(look, "/nowhere", "")),
  "code-unknown": () => show(codePage(look, "/nowhere", "BCDF-GHJK", look.texts.unknownCode)),
  device: () => show(devicePage(look, { ...device, code: "BCDF-GHJK", action: "/nowhere" })),
  allowed: () => show(devicePageDone(look, true)),
  refused: () => show(devicePageDone(look, false)),
  problem: () => show(problemPage(look, { message: look.texts.expired }), look, 400),
  untrusted: () =>
    show(
      problemPage(look, {
        message: "agents.example.com may not connect to this server yet.",
        hint: look.texts.untrustedHint,
        command:
          "npx convex env set TOOLGATE_OAUTH_CLIENTS 'agents.example.com another.example.org'",
      }),
      look,
      400,
    ),
  visit: () => show(visitPage(look, { app, origin: "https://happy-animal-123.convex.site" })),
};

/** A page whose style its header does not name: the watch of violations must see it. */
const violating = (): Response => {
  const page = show(devicePageDone(look, true));
  page.headers.set("Content-Security-Policy", "default-src 'none'");
  return page;
};

/** The page that a request under `/gallery/` means; undefined for any other. */
export const galleryReply = ({ url }: Request): Response | undefined => {
  const [, name] = /^\/gallery\/([\w-]+)$/.exec(new URL(url).pathname) ?? [];
  if (name === undefined) return undefined;
  return name === "violating" ? violating() : GALLERY[name]?.();
};

/** The text that `npm start` prints for people. */
import { pageUrl } from "../cli/console/app";
import { table } from "../cli/operate/print";
import type { DemoKey } from "./demo";
import type { LocalServer } from "./server";

/** Makes a line that works when it is pasted into a shell. So no text in it may contain a single quote. */
const curl = (
  url: string,
  key: string,
  accept: string,
  message: { method: string; params?: object },
  options = "-sS",
): string =>
  [
    `curl ${options} ${url}`,
    `-H 'Authorization: Bearer ${key}'`,
    "-H 'Content-Type: application/json'",
    `-H 'Accept: ${accept}'`,
    `-d '${JSON.stringify({ jsonrpc: "2.0", id: 1, ...message })}'`,
  ].join(" ");

const call = (name: string, args: object, meta?: object) => ({
  method: "tools/call",
  params: { name, arguments: args, ...(meta && { _meta: meta }) },
});

const BOTH = "application/json, text/event-stream";

const newCustomer = {
  name: "Ada Lovelace",
  email: "ada@example.com",
  country: "GB",
  idempotencyKey: "first-customer",
};

/** Returns the month before this one, as YYYY-MM. The demo has orders in it. */
const lastMonth = (): string => {
  const day = new Date();
  day.setUTCDate(0);
  return day.toISOString().slice(0, 7);
};

const examples = (
  url: string,
  key: string,
  accountingKey: string,
): [about: string, line: string][] => [
  ["List the tools that a key may call:", curl(url, key, BOTH, { method: "tools/list" })],
  ["Read:", curl(url, key, BOTH, call("products_search", { text: "bolt" }))],
  [
    "Write; sent again, it gives the first answer and adds nothing:",
    curl(url, key, BOTH, call("customers_create", newCustomer)),
  ],
  [
    "A long operation, as an event stream with its progress:",
    curl(
      url,
      accountingKey,
      "text/event-stream",
      call("periods_close", { period: lastMonth() }, { progressToken: 1 }),
      "-sSN",
    ),
  ],
];

const keyTable = (keys: readonly DemoKey[]): string =>
  table(
    ["tenant", "role", "key"],
    keys.map(({ tenant, role, key }) => [tenant, role, key]),
  );

const operating = (admin: LocalServer["admin"]): string[] =>
  admin === undefined
    ? ["Other machines can reach this server, so the console and `--local` commands are off."]
    : [
        "Operate it in a browser on this machine (the link holds the token of this start):",
        "",
        `  ${pageUrl(new URL(admin.url).origin, admin.token)}`,
        "",
        "or from another terminal: npx toolgate keys list --local   (also approvals, roles, audit; --help)",
      ];

/** Makes the text, which contains real keys. */
export const banner = ({ url, keys, admin }: LocalServer): string => {
  const keyOf = (wanted: string) =>
    (keys.find(({ role }) => role === wanted) ?? keys[0])?.key ?? "";
  const key = keyOf("sales");
  return [
    "Toolgate: a demo ERP as MCP tools, served by convex/ on this machine.",
    "Data and keys are in memory only: gone when it stops. To keep them: npx convex dev, npx convex deploy (README.md).",
    "",
    `  ${url}     paste it into a client, or open it in a browser`,
    "",
    keyTable(keys),
    "",
    ...examples(url, key, keyOf("accounting")).flatMap(([about, line]) => [about, "", line, ""]),
    "Claude Code, by OAuth: add it, type /mcp, choose Authenticate, and paste a key from above on the page that opens:",
    "",
    `claude mcp add --transport http toolgate ${url}`,
    "",
    "Any other client on this machine that takes a URL connects in the same way. Opened in a browser, the URL explains itself.",
    "",
    ...operating(admin),
    "Ctrl-C stops it.",
    "",
  ].join("\n");
};

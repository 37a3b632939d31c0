/** The lines that `init` adds to an app's own files. */
import type { Need } from "../edit/imports";

/** `internal.toolgate.jobs.sweep` for the folder `toolgate`. */
const sweepOf = (dir: string): string => ["internal", ...dir.split("/"), "jobs", "sweep"].join(".");

/** @param crons - the name of the crons in `crons.ts`. */
export const cronLine = (dir: string, crons = "crons"): string =>
  `${crons}.interval("sweep the tables of toolgate", { minutes: 10 }, ${sweepOf(dir)}, {});`;

/** What http.ts needs, in the order in which it is imported. */
export const httpNeeds = (dir: string, oauth: boolean): Need[] => [
  ...(oauth ? [{ name: "connect", from: "toolgate/connect" }] : []),
  ...["compose", "mcp", "registerRoutes"].map((name) => ({ name, from: "toolgate/http" })),
  { name: "httpAction", from: "./_generated/server" },
  { name: "chain", from: `./${dir}/chain` },
  { name: "app", from: `./${dir}/tools` },
];

/**
 * The lines that route the endpoint.
 *
 * @param http - the name of the router in `http.ts`.
 * @param named - gives the name of an import there.
 */
export const routeLines = (
  oauth: boolean,
  http = "http",
  named: (name: string) => string = (name) => name,
): string[] => {
  const endpoint = (chain: string) =>
    `${named("httpAction")}(${named("compose")}(${chain})(${named("mcp")}(${named("app")})))`;
  const chain = `...${named("chain")}`;
  const register = named("registerRoutes");
  return oauth
    ? [
        `const oauth = ${named("connect")}(${named("app")});`,
        `${register}(${http}, ${endpoint(`oauth.front, ${chain}`)}, ${named("app")}, oauth);`,
      ]
    : [`${register}(${http}, ${endpoint(chain)}, ${named("app")});`];
};

/** The imports of some names, as lines. */
export const importLines = (needs: readonly Need[]): string[] => {
  const sources = [...new Set(needs.map(({ from }) => from))];
  return sources.map((from) => {
    const names = needs.filter((need) => need.from === from).map(({ name }) => name);
    return `import { ${names.join(", ")} } from "${from}";`;
  });
};

/** For a person to add to http.ts. */
export const httpLines = (dir: string, oauth: boolean): string[] => [
  ...importLines(httpNeeds(dir, oauth)),
  ...routeLines(oauth),
];

/** For a person to add to schema.ts. */
export const SCHEMA_LINES = [
  'import { toolgateTables } from "toolgate/tables";',
  "defineSchema({ …, ...toolgateTables })",
];

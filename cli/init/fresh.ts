/** The files of an app that has none of its own of that name. */
import { cronLine, httpNeeds, importLines, routeLines } from "../glue/lines";

const joined = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

export const freshHttp = (dir: string, oauth: boolean): string =>
  joined([
    'import { httpRouter } from "convex/server";',
    ...importLines(httpNeeds(dir, oauth)),
    "const http = httpRouter();",
    ...routeLines(oauth),
    "export default http;",
  ]);

export const freshCrons = (dir: string): string =>
  joined([
    'import { cronJobs } from "convex/server";',
    'import { internal } from "./_generated/api";',
    "const crons = cronJobs();",
    cronLine(dir),
    "export default crons;",
  ]);

/** The app's own tables stay as free as they are without a schema. */
export const FRESH_SCHEMA = joined([
  'import { defineSchema } from "convex/server";',
  'import { toolgateTables } from "toolgate/tables";',
  "export default defineSchema({ ...toolgateTables }, { strictTableNameTypes: false });",
]);

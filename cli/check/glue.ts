/** What can be wrong with the files that join an app with the library. */
import { toolgateTables } from "../../src/entry/tables";
import type { App } from "../app/app";
import { exportLine, generated, generatedFiles, type GeneratedFile } from "../glue/files";
import { lacksOAuth } from "../glue/joined";
import { cronLine, httpLines, SCHEMA_LINES } from "../glue/lines";
import type { Fault } from "./report";

const unread = (app: App, module: string): Fault | undefined => {
  const found = app.unread.find((one) => one.module === module);
  return found && { where: module, what: `it cannot be evaluated here: ${found.why}` };
};

const faultsOfFile = (app: App, dir: string, file: GeneratedFile): Fault[] => {
  const where = `${dir}/${file}`;
  const found = app.modules.get(where);
  const why = unread(app, where);
  if (why !== undefined) return [why];
  if (found === undefined)
    return [{ where, what: "the file is missing", fix: `${app.project.runner} toolgate init` }];
  const missing = generated[file].exports.filter((name) => !found.names.includes(name));
  if (missing.length === 0) return [];
  return [
    {
      where,
      what: `it does not export ${missing.join(", ")}, which this version of toolgate calls`,
      fix: exportLine(file),
    },
  ];
};

/** Whether clients reach the endpoint. Nothing is said of an http.ts that cannot be evaluated here. */
const faultsOfRoutes = (app: App, dir: string, oauth: boolean): Fault[] => {
  const { routes } = app.modules.get("http") ?? {};
  if (app.unread.some(({ module }) => module === "http")) return [];
  const fix = httpLines(dir, oauth).join("\n");
  if (routes?.includes("POST /mcp") !== true)
    return [{ where: "http", what: "it does not route /mcp", fix }];
  const what = `it does not turn OAuth on, for which ${dir}/connect is there`;
  return oauth && lacksOAuth(app.project) ? [{ where: "http", what, fix }] : [];
};

const faultsOfSchema = (app: App): Fault[] => {
  if (app.unread.some(({ module }) => module === "schema")) return [];
  const { tables = [] } = app.modules.get("schema") ?? {};
  const missing = Object.keys(toolgateTables).filter((name) => !tables.includes(name));
  if (missing.length === 0) return [];
  const what = `it lacks the tables ${missing.join(", ")}`;
  return [{ where: "schema", what, fix: SCHEMA_LINES.join("\n") }];
};

const faultsOfCrons = (app: App, dir: string): Fault[] => {
  const { crons = [] } = app.modules.get("crons") ?? {};
  return crons.includes(`${dir}/jobs:sweep`) || app.unread.some(({ module }) => module === "crons")
    ? []
    : [{ where: "crons", what: "no cron deletes Toolgate's old rows", fix: cronLine(dir) }];
};

/** Finds what is wrong with the glue of an app that is in the folder `dir`. */
export const checkGlue = (app: App, dir: string): Fault[] => {
  const oauth = app.modules.has(`${dir}/connect`);
  return [
    ...generatedFiles(oauth).flatMap((file) => faultsOfFile(app, dir, file)),
    ...["tools", "chain", "catalog"].flatMap((file) => unread(app, `${dir}/${file}`) ?? []),
    ...faultsOfRoutes(app, dir, oauth),
    ...faultsOfSchema(app),
    ...faultsOfCrons(app, dir),
  ];
};

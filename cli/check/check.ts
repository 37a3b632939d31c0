/** Checks an app that has been read. */
import type { App, Weight } from "../app/app";
import { lacking } from "../app/convexVersion";
import { notesOfClients } from "./clients";
import { faultsOfFields } from "./fields";
import { checkGlue } from "./glue";
import type { Fault, Report } from "./report";
import { faultsOfServer, notesOfServer } from "./server";
import { faultsOfReads } from "./reads";
import { checkTools } from "./tools";
import { faultsOfText } from "./written";

/** How many times as long as an empty http.ts a heavy one takes to evaluate. Toolgate alone makes it two to three. */
const HEAVY = 6;

/** Above that, models choose worse, and a list costs many tokens. */
export const MANY_TOOLS = 40;

const KIB = 1024;

const kib = (bytes: number): string => `${Math.ceil(bytes / KIB).toLocaleString("en")} KiB`;

const heavy = (http: Weight | undefined): string[] => {
  if (http?.times === undefined || http.times < HEAVY) return [];
  const parts = http.parts.slice(0, 3).map(({ name, bytes }) => `${name} ${kib(bytes)}`);
  return [
    `http is heavy: it takes ${Math.round(http.times)} times as long to evaluate as an empty one, and Convex evaluates it for each request. The most is in ${parts.join(", ")}.`,
  ];
};

const many = (count: number): string[] =>
  count > MANY_TOOLS
    ? [`${count} tools are many: models choose better among at most ${MANY_TOOLS}.`]
    : [];

const noGlue = (app: App, dir: string): Fault => {
  const file = `${dir}/tools`;
  const unread = app.unread.find(({ module }) => module === file);
  if (unread !== undefined)
    return { where: file, what: `it cannot be evaluated here: ${unread.why}` };
  if (!app.modules.has(file))
    return {
      where: file,
      what: "this app has no such module, so it has no tools",
      fix: `${app.project.runner} toolgate init`,
    };
  return { where: file, what: "it exports nothing that defineToolgate has made" };
};

/**
 * Checks an app.
 *
 * @param dir - the folder of the glue, seen from that of the functions.
 */
export const checkApp = (app: App, dir: string): Report => {
  const { definition } = app.modules.get(`${dir}/tools`) ?? {};
  const { unread, http } = app;
  if (definition === undefined)
    return { tools: [], faults: [noGlue(app, dir)], notes: [], unread, http };
  const moved: Fault[] =
    definition.dir === dir
      ? []
      : [{ where: `${dir}/tools`, what: "its dir is not its folder", fix: `dir: "${dir}"` }];
  const { listed } = app.modules.get(`${dir}/catalog`) ?? {};
  const { tools, faults } = checkTools(app, definition, listed ?? { tools: [], said: [] });
  return {
    tools,
    faults: [
      ...moved,
      ...checkGlue(app, dir),
      ...faultsOfServer(dir, definition.server),
      ...definition.flaws,
      ...faultsOfFields(definition),
      ...faultsOfText(app, dir),
      ...faults,
      ...faultsOfReads(app, definition),
    ],
    notes: [
      ...notesOfServer(dir, definition.server),
      ...many(tools.length),
      ...notesOfClients(
        tools.flatMap((tool) => tool.listed ?? []),
        definition.server.instructions,
      ),
      ...heavy(http),
      ...lacking(app.project.convexVersion),
    ],
    unread,
    http,
  };
};

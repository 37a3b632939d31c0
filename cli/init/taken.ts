/** Finds what `init` would have to overwrite, before anything is written. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { toolgateTables } from "../../src/entry/tables";
import type { App } from "../app/app";
import { fileOf } from "../app/modules";
import { packageFolder, type Project } from "../app/project";
import { isJoined, textOfModule } from "../glue/joined";
import { Failure, UsageError } from "../operate/run";

const NOTHING = "Nothing was changed.";

const refuse = (what: string, todo: string): never => {
  throw new Failure(`${what}\n${todo}\n${NOTHING}`);
};

const DIR = /^(?!_)[A-Za-z]\w*(?:\/[A-Za-z]\w*)*$/;

/** @throws UsageError if a folder cannot hold Convex functions. */
const checkName = (dir: string): void => {
  if (!DIR.test(dir))
    throw new UsageError(
      `"${dir}" cannot be the folder of the glue: name one inside that of your functions, of letters, digits and _, such as toolgate.`,
    );
};

/** In the package's own repository, it is its own. */
const isOwnPackage = (root: string): boolean =>
  (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { name?: string }).name ===
  "toolgate";

const checkInstalled = ({ convex, root, install }: Project): void => {
  if (packageFolder(convex, "toolgate") === undefined && !isOwnPackage(root))
    refuse("The package toolgate is not installed in this app.", `First: ${install} toolgate`);
};

const isOurs = (file: string): boolean => /["']toolgate\//.test(readFileSync(file, "utf8"));

const checkFolder = ({ convex, root }: Project, dir: string): void => {
  const folder = path.join(convex, dir);
  const shown = (file: string) => path.relative(root, file);
  const todo = "Choose another folder with --dir.";
  const file = fileOf(convex, dir);
  if (file !== undefined) refuse(`${shown(file)} has the name of the glue's folder.`, todo);
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) refuse(`${shown(folder)} is a file.`, todo);
  const files = readdirSync(folder, { withFileTypes: true });
  const texts = files.filter((one) => one.isFile()).map(({ name }) => path.join(folder, name));
  if (files.length > 0 && !texts.some(isOurs))
    refuse(`${shown(folder)}/ is a folder of your own.`, todo);
};

const checkTables = ({ modules, project }: App): void => {
  if (isJoined(project, "schema")) return;
  const { tables = [] } = modules.get("schema") ?? {};
  const taken = Object.keys(toolgateTables).filter((name) => tables.includes(name));
  if (taken.length > 0)
    refuse(
      `Your schema has tables of these names: ${taken.join(", ")}.`,
      "Toolgate needs them for its own rows: rename yours first.",
    );
};

const ROUTES = /^[A-Z]+ \/(?:mcp\/?|mcp\/\*|\.well-known\/\*)$/;

const checkRoutes = ({ modules, project }: App): void => {
  if (isJoined(project, "http")) return;
  const { routes } = modules.get("http") ?? {};
  const taken = routes
    ? routes.filter((route) => ROUTES.test(route))
    : (/["'`]\/mcp\/?["'`]/.exec(textOfModule(project, "http")) ?? []);
  if (taken.length > 0)
    refuse(
      `Your http.ts has these routes: ${[...new Set(taken)].join(", ")}.`,
      "Toolgate answers there, and below /mcp/ and /.well-known/: move yours first.",
    );
};

/** @throws Failure if the glue cannot be put there, before the app is read. */
export const checkPlace = (project: Project, dir: string): void => {
  checkName(dir);
  checkInstalled(project);
  checkFolder(project, dir);
};

/** @throws Failure if a table or a route is taken. */
export const checkTaken = (app: App): void => {
  checkTables(app);
  checkRoutes(app);
};

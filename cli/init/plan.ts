/** Plans what `init` writes. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileOf, modulesIn } from "../app/modules";
import type { Project } from "../app/project";
import { textOf, type Change } from "../edit/changes";
import { inStyle, styleOf, type Style } from "../edit/style";
import { glueOf, type Setting } from "../glue/files";
import { isJoined, lacksOAuth } from "../glue/joined";
import { cronLine, httpLines, SCHEMA_LINES } from "../glue/lines";
import { editCrons, editHttp, editSchema } from "./edits";
import { FRESH_SCHEMA, freshCrons, freshHttp } from "./fresh";

/** Lines for a person to add, and why no program does it. */
export interface Paste {
  readonly file: string;
  readonly lines: readonly string[];
  readonly why: string;
}

const OWN_FORM = "has a form of its own. Add to it:";
const WITHOUT_OAUTH = "routes /mcp without OAuth. Put these lines in the place of that route:";

/** What becomes of the files: those that can be changed, and lines for a person to add to the others. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly pastes: readonly Paste[];
}

/** By its name, because the built file and its source lie at different depths. */
const packageVersion = (): string =>
  (createRequire(import.meta.url)("toolgate/package.json") as { version: string }).version;

const nameOf = (root: string): Setting["app"] => {
  const { name, version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    readonly name?: string;
    readonly version?: string;
  };
  return { name: name?.replace(/^@.*\//, "") ?? "app", version: version ?? "0.0.0" };
};

/** JavaScript, if the app has nothing else. */
const languageOf = ({ convex }: Project): Setting["language"] => {
  const files = modulesIn(convex).map(({ file }) => file);
  const isScript = files.length > 0 && files.every((file) => /\.[mc]?jsx?$/.test(file));
  return isScript && !existsSync(path.join(convex, "tsconfig.json")) ? "js" : "ts";
};

export const settingOf = (project: Project, dir: string, oauth: boolean): Setting => ({
  version: packageVersion(),
  ...{ dir, oauth },
  language: languageOf(project),
  app: nameOf(project.root),
});

/** As the app itself is written. */
const styleIn = ({ convex }: Project): Style => {
  const files = [fileOf(convex, "schema"), ...modulesIn(convex).map(({ file }) => file)];
  const texts = files.flatMap((file) => (file === undefined ? [] : [readFileSync(file, "utf8")]));
  return styleOf(texts.find((text) => /^import\b/m.test(text)) ?? "");
};

/** One of the app's own files: how it is changed, how it is written anew, and what a person adds where neither can be. */
interface Own {
  readonly module: "http" | "schema" | "crons";
  readonly edit: (file: string, text: string) => string | undefined;
  readonly fresh: string;
  readonly lines: readonly string[];
}

const own = ({ dir, oauth }: Setting): Own[] => [
  { module: "schema", edit: editSchema, fresh: FRESH_SCHEMA, lines: SCHEMA_LINES },
  {
    module: "http",
    edit: (file, text) => editHttp(file, text, dir, oauth),
    fresh: freshHttp(dir, oauth),
    lines: httpLines(dir, oauth),
  },
  {
    module: "crons",
    edit: (file, text) => editCrons(file, text, dir),
    fresh: freshCrons(dir),
    lines: [cronLine(dir)],
  },
];

const planOwn = async (
  project: Project,
  { language, oauth }: Setting,
  style: Style,
  { module, edit, fresh, lines }: Own,
): Promise<Plan> => {
  const found = fileOf(project.convex, module);
  const file = found ?? path.join(project.convex, `${module}.${language}`);
  const isChanged = module === "http" && oauth && lacksOAuth(project);
  if (isChanged) return { changes: [], pastes: [{ file, lines, why: WITHOUT_OAUTH }] };
  if (isJoined(project, module)) return { changes: [], pastes: [] };
  const before = await textOf(file);
  const after = before === undefined ? inStyle(fresh, style) : edit(path.basename(file), before);
  return after === undefined
    ? { changes: [], pastes: [{ file, lines, why: OWN_FORM }] }
    : { changes: [{ file, before, after }], pastes: [] };
};

const planGlue = (project: Project, setting: Setting, style: Style): Change[] =>
  [...glueOf(setting)]
    .filter(
      ([name]) => fileOf(project.convex, `${setting.dir}/${path.parse(name).name}`) === undefined,
    )
    .map(([name, text]) => ({
      file: path.join(project.convex, setting.dir, name),
      after: inStyle(text, style),
    }));

/** Plans all files. What is there already stays as it is. */
export const planFiles = async (project: Project, setting: Setting): Promise<Plan> => {
  const style = styleIn(project);
  const plans = await Promise.all(own(setting).map((one) => planOwn(project, setting, style, one)));
  return {
    changes: [...planGlue(project, setting, style), ...plans.flatMap(({ changes }) => changes)],
    pastes: plans.flatMap(({ pastes }) => pastes),
  };
};

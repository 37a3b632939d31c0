/** How functions that read the signed-in user are wrapped, so that they find the user of the key: lines for a person to paste. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "../app/project";
import { moduleIdentifier } from "../edit/catalogLines";
import type { Proposal } from "./propose";

/** Where the wrapped functions go, inside the folder of the functions. */
export const FOLDER = "agents";

/** Stands where the app does not say who signs its users in. */
const UNKNOWN = '"https://your-sign-in.example"';

/** The issuer of the app's identities, as `auth.config.ts` states it: the text of an expression. */
const issuerOf = (convex: string): string => {
  const file = ["auth.config.ts", "auth.config.js"]
    .map((name) => path.join(convex, name))
    .find((one) => existsSync(one));
  const text = file === undefined ? "" : readFileSync(file, "utf8");
  const [, said = ""] =
    /\b(?:domain|issuer):\s*(process\.env\.\w+|"[^"\n]*"|'[^'\n]*'|`[^`$\n]*`)/.exec(text) ?? [];
  if (said === "") return UNKNOWN;
  return said.startsWith("process") ? `${said} ?? ""` : said;
};

/** A file to make, and its lines. */
export interface Wrapper {
  /** From the root of the app. */
  readonly file: string;
  readonly lines: readonly string[];
}

const moduleOf = ({ function: fn }: Proposal): string => fn.split(":")[0] ?? fn;

const wrapperOf = (project: Project, module: string, names: readonly string[]): Wrapper => {
  const up = "../".repeat(module.split("/").length);
  const identifier = moduleIdentifier(module, new Set(["asUser", "asCaller", ...names]));
  const folder = path.relative(project.root, project.convex).split(path.sep).join("/");
  return {
    file: `${folder}/${FOLDER}/${module}.ts`,
    lines: [
      'import { asUser } from "toolgate/functions";',
      `import * as ${identifier} from "${up}${module}";`,
      "",
      `const asCaller = asUser(({ subject }) => ({ subject, issuer: ${issuerOf(project.convex)} }));`,
      "",
      ...names.map((name) => `export const ${name} = asCaller(${identifier}.${name});`),
    ],
  };
};

/** The files that wrap functions, one for each of their modules. */
export const wrappersFor = (project: Project, readers: readonly Proposal[]): Wrapper[] => {
  const modules = [...new Set(readers.map(moduleOf))];
  return modules.map((module) => {
    const ofModule = readers.filter((one) => moduleOf(one) === module);
    return wrapperOf(
      project,
      module,
      ofModule.map((one) => one.function.split(":")[1] ?? "default"),
    );
  });
};

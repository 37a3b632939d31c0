/** How functions that read the signed-in user are wrapped, so that they find the user of the key: lines for a person to paste. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "../app/project";
import { fileOf } from "../app/modules";
import { moduleIdentifier } from "../edit/catalogLines";
import { PLACEHOLDER } from "../check/report";
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

const nameOf = ({ function: fn }: Proposal): string => fn.split(":")[1] ?? "default";

/** `export default` stands for the name `default`, which no constant can have. */
const exportOf = (wrapped: Proposal, identifier: string): string => {
  const name = nameOf(wrapped);
  const left = name === "default" ? "export default" : `export const ${name} =`;
  return `${left} asCaller(${identifier}.${name});`;
};

/** The wrapped function has the original's JSDoc, of which `add` makes the tool's description. */
const docOf = ({ description }: Proposal): string[] =>
  description.startsWith(PLACEHOLDER) ? [] : [`/** ${description} */`];

/** `js` for a module in JavaScript. */
const languageOf = ({ convex }: Project, module: string): string =>
  /\.[mc]?jsx?$/.test(fileOf(convex, module) ?? "") ? "js" : "ts";

const wrapperOf = (project: Project, module: string, wrapped: readonly Proposal[]): Wrapper => {
  const names = wrapped.map(nameOf);
  const up = "../".repeat(module.split("/").length);
  const identifier = moduleIdentifier(module, new Set(["asUser", "asCaller", ...names]));
  const folder = path.relative(project.root, project.convex).split(path.sep).join("/");
  return {
    file: `${folder}/${FOLDER}/${module}.${languageOf(project, module)}`,
    lines: [
      'import { asUser } from "toolgate/functions";',
      `import * as ${identifier} from "${up}${module}";`,
      "",
      `const asCaller = asUser(({ subject }) => ({ subject, issuer: ${issuerOf(project.convex)} }));`,
      "",
      ...wrapped.flatMap((one) => [...docOf(one), exportOf(one, identifier)]),
    ],
  };
};

/** The files that wrap functions, one for each of their modules. */
export const wrappersFor = (project: Project, readers: readonly Proposal[]): Wrapper[] => {
  const modules = [...new Set(readers.map(moduleOf))];
  return modules.map((module) =>
    wrapperOf(
      project,
      module,
      readers.filter((one) => moduleOf(one) === module),
    ),
  );
};

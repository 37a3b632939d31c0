/** Binds chosen tools in the files of the app. */
import path from "node:path";
import type { App } from "../app/app";
import { fileOf } from "../app/modules";
import { textOf, type Change } from "../edit/changes";
import { Failure } from "../operate/run";
import { writeCatalog, writeTools, type Binding, type Written } from "./write";

/** What becomes of the files: those that can be changed, and lines for a person to add to the others. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly pastes: readonly { readonly file: string; readonly lines: readonly string[] }[];
}

type Write = (file: string, text: string, binding: Binding) => Written;

const planFor = async (app: App, module: string, write: Write, binding: Binding): Promise<Plan> => {
  const file = fileOf(app.project.convex, module);
  const before = file === undefined ? undefined : await textOf(file);
  if (file === undefined || before === undefined)
    throw new Failure(
      `There is no ${module}. Make it with \`${app.project.runner} toolgate init\`, or name the folder of the glue with --dir.`,
    );
  const written = write(path.basename(file), before, binding);
  if ("paste" in written) return { changes: [], pastes: [{ file, lines: written.paste }] };
  return {
    changes: written.text === before ? [] : [{ file, before, after: written.text }],
    pastes: [],
  };
};

/** Plans the changes of tools.ts and catalog.ts. @throws Failure if there is no such file. */
export const planBinding = async (app: App, binding: Binding): Promise<Plan> => {
  const tools = await planFor(app, `${binding.dir}/tools`, writeTools, binding);
  const catalog = await planFor(app, `${binding.dir}/catalog`, writeCatalog, binding);
  return {
    changes: [...tools.changes, ...catalog.changes],
    pastes: [...tools.pastes, ...catalog.pastes],
  };
};

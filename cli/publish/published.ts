/** Reads what the commands for directories need of an app: what it says of itself, its tools and prompts, and whether it has OAuth. */
import { readApp } from "../app/app";
import type { Server } from "../app/definition";
import { membersOf } from "../app/entries";
import { projectIn } from "../app/project";
import { checkApp } from "../check/check";
import type { ListedTool } from "../check/report";
import { Failure } from "../operate/run";

/** A prompt, without its function. */
interface PublishedPrompt {
  readonly name: string;
  readonly description: string;
  /** The names of its arguments. */
  readonly arguments: readonly string[];
}

export interface Published {
  readonly server: Server;
  readonly tools: readonly ListedTool[];
  readonly prompts: readonly PublishedPrompt[];
  readonly hasOAuth: boolean;
}

/**
 * Reads the app in a folder, as `check` does.
 *
 * @param dir - the folder of the glue, seen from that of the functions.
 * @throws Failure that names the faults, if `check` finds any: a directory would show them.
 */
export const readPublished = async (root: string, dir: string): Promise<Published> => {
  const project = projectIn(root);
  const app = await readApp(project);
  const { faults, tools } = checkApp(app, dir);
  const { definition } = app.modules.get(`${dir}/tools`) ?? {};
  if (faults.length > 0 || definition === undefined)
    throw new Failure(
      [
        ...faults.map(({ where, what }) => `${where}: ${what}`),
        `Mend this first: ${project.runner} toolgate check says more.`,
      ].join("\n"),
    );
  return {
    server: definition.server,
    tools: tools.flatMap(({ listed }) => listed ?? []),
    prompts: definition.prompts.map((one) => ({
      name: one.name,
      description: String(one.description),
      arguments: Object.keys(membersOf(one.arguments)),
    })),
    hasOAuth: app.modules.has(`${dir}/connect`),
  };
};

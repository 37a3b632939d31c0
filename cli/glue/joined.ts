/** Whether the app's own files have been joined with the library. */
import { readFileSync } from "node:fs";
import { fileOf } from "../app/modules";
import type { Project } from "../app/project";

/** The text of a module; empty if there is none. */
export const textOfModule = ({ convex }: Project, module: string): string => {
  const file = fileOf(convex, module);
  return file === undefined ? "" : readFileSync(file, "utf8");
};

/** Whether one of the app's own files has been joined with the library already. */
export const isJoined = (project: Project, module: "http" | "schema" | "crons"): boolean =>
  /["']toolgate\/|\bsweep the tables of toolgate\b/.test(textOfModule(project, module));

/** Whether http.ts has been joined with the library, but without OAuth. Its route then stands there already, and a person must change it. */
export const lacksOAuth = (project: Project): boolean =>
  isJoined(project, "http") && !/["']toolgate\/connect["']/.test(textOfModule(project, "http"));

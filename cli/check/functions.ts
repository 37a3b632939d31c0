/** Finds the function that a line names. */
import type { App, AppFunction } from "../app/app";
import type { Fault } from "./report";

/** The function of this name, `erp/orders:list`; undefined if there is none. */
export const functionBehind = (app: App, fullName: string): AppFunction | undefined =>
  app.functions.find(({ module, name }) => `${module}:${name}` === fullName);

/** Why a function is not there, and what to do. */
export const missing = (app: App, fullName: string): Omit<Fault, "where"> => {
  const [module = "", name = ""] = fullName.split(":");
  const unread = app.unread.find((one) => one.module === module);
  if (unread !== undefined)
    return { what: `its module ${module} cannot be evaluated: ${unread.why}` };
  return app.modules.has(module)
    ? {
        what: `the module ${module} exports no function ${name}`,
        fix: "Delete its line in tools.ts, or let it name the function that took its place.",
      }
    : {
        what: `there is no module ${module}`,
        fix: "Delete its line in tools.ts and the module in catalog.ts, or let them name the module that took its place.",
      };
};

/** Says of a field that names a function of another kind, or one that is not there. */
export const faultsOfNamed = (
  app: App,
  where: string,
  field: string,
  name: string,
  kinds: readonly AppFunction["kind"][] = ["query"],
): Fault[] => {
  const kind = functionBehind(app, name)?.kind;
  if (kind !== undefined && kinds.includes(kind)) return [];
  const why = kind === undefined ? missing(app, name).what : `this is a ${kind}`;
  return [{ where, what: `its ${field} is no ${kinds.join(" or ")}, ${name}: ${why}` }];
};

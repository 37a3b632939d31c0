/** Finds the functions that tools are bound to, with their validators. */
import { getFunctionName } from "convex/server";
import type { Tool } from "../registry/tools";

/** A function as `internalQuery` and its siblings return it. It exports its validators as JSON text. */
export interface RegisteredFunction {
  readonly exportArgs: () => string;
  readonly exportReturns: () => string;
  /** True for one that any client of the deployment can call. */
  readonly isPublic?: boolean;
}

/** Module path without extension (`erp/orders`) → the exports of the module. Holds every module that a tool is bound to. */
export type Modules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const isRegistered = (value: unknown): value is RegisteredFunction =>
  typeof value === "function" && "exportArgs" in value && "exportReturns" in value;

/**
 * Finds the function of a tool.
 *
 * @param name - of the tool, for error messages.
 * @throws Error that names the tool if its module or function is missing.
 */
export const functionOf = (name: string, tool: Tool, modules: Modules): RegisteredFunction => {
  // Convex leaves ":default" out.
  const [path = "", member = "default"] = getFunctionName(tool.ref).split(":");
  const module = Object.hasOwn(modules, path) ? modules[path] : undefined;
  if (module === undefined) throw new Error(`Tool ${name}: add the module "${path}" to catalog.ts`);
  const fn = Object.hasOwn(module, member) ? module[member] : undefined;
  if (!isRegistered(fn))
    throw new Error(`Tool ${name}: the module "${path}" exports no function "${member}"`);
  return fn;
};

/** For `catalog.ts` of the glue: the only part of the library that brings zod to Convex by itself. */
import { internalMutationGeneric, internalQueryGeneric } from "convex/server";
import { explaining, listing, type Modules } from "../catalog/catalog";
import { getJob, stopJob } from "../jobs/jobTools";
import type { Toolgate } from "../registry/toolgate";

/**
 * What `tools/list` answers, and what is wrong with arguments.
 *
 * @param modules - every module that a tool is bound to, by its path without extension: `{ "erp/orders": orders }`.
 */
export const catalogModule = (app: Toolgate, modules: Modules) => {
  const { dir, tools } = app;
  const own = {
    get: internalQueryGeneric(getJob(tools)),
    stop: internalMutationGeneric(stopJob(tools)),
  };
  const all = { ...modules, [`${dir}/jobs`]: own };
  return {
    list: internalQueryGeneric(listing(tools, all)),
    explain: internalQueryGeneric(explaining(tools, all)),
  };
};

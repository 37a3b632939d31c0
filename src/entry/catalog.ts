/** The door for `catalog.ts` of the glue. Of all doors for the glue, only this one brings zod into Convex. */
import { internalMutationGeneric, internalQueryGeneric } from "convex/server";
import { z } from "zod";
import { listing } from "../catalog/catalog";
import { explaining } from "../catalog/explaining";
import type { Modules } from "../catalog/functions";
import { withZod } from "../catalog/keepZod";
import { getJob, stopJob } from "../jobs/jobTools";
import { MAX_WAIT_SECONDS } from "../registry/jobTools";
import type { Toolgate } from "../registry/toolgate";

/**
 * The queries that list the tools and explain wrong arguments.
 *
 * @param modules - every module with a function that a tool is bound to, by its path without extension: `{ "erp/orders": orders }`.
 * The library's own job tools need no entry.
 * @returns the exports of `catalog.ts`: `list` gives all tools with their schemas, whatever the caller's role, and logs those
 * that it must leave out because they cannot be described; `explain` gives a sentence for each fault in a tool's arguments,
 * and the mended arguments if all of them can be mended.
 */
export const catalogModule = (app: Toolgate, modules: Modules) => {
  const { dir, tools } = app;
  const own = {
    get: withZod(
      { jobId: z.string(), waitSeconds: z.int().min(0).max(MAX_WAIT_SECONDS).optional() },
      internalQueryGeneric(getJob(app)),
    ),
    stop: internalMutationGeneric(stopJob(tools)),
  };
  const all = { ...modules, [`${dir}/jobs`]: own };
  return {
    list: internalQueryGeneric(listing(app, all)),
    explain: internalQueryGeneric(explaining(tools, all)),
  };
};

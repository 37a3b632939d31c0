/** The door for `gate.ts` of the glue. */
import { internalMutationGeneric } from "convex/server";
import { admission } from "../gate/admission";
import { rehearsing } from "../gate/rehearse";
import type { Chain } from "../middleware/compose";
import type { Link } from "../middleware/guard";
import type { Toolgate } from "../registry/toolgate";

/**
 * The mutation that decides on a call, runs it if its tool is a mutation, and writes the audit row, all in one transaction.
 *
 * @param chain - the same chain that `compose` gets in `http.ts`. A chain in the wrong order does not compile.
 * @returns the exports of `gate.ts`. `rehearse` runs a mutation of which nothing stays, before somebody is asked to approve the call.
 */
export const gateModule = <const Links extends readonly Link[]>(
  app: Toolgate,
  chain: Links & Chain<Links>,
) => ({
  admit: internalMutationGeneric(admission(app, chain)),
  rehearse: internalMutationGeneric(rehearsing(app)),
});

/** The door for `gate.ts` of the glue. */
import { internalMutationGeneric } from "convex/server";
import { admission } from "../gate/admission";
import type { Chain } from "../middleware/compose";
import type { Link } from "../middleware/guard";
import type { Toolgate } from "../registry/toolgate";

/**
 * The mutation that decides on a call, runs it if its tool is a mutation, and writes the audit row, all in one transaction.
 *
 * @param chain - the same chain that `compose` gets in `http.ts`. A chain in the wrong order does not compile.
 * @returns the export of `gate.ts`.
 */
export const gateModule = <const Links extends readonly Link[]>(
  app: Toolgate,
  chain: Links & Chain<Links>,
) => ({ admit: internalMutationGeneric(admission(app, chain)) });

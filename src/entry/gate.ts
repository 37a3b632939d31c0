/** For `gate.ts` of the glue. */
import { internalMutationGeneric } from "convex/server";
import { admission } from "../gate/admission";
import type { Chain } from "../middleware/compose";
import type { Link } from "../middleware/guard";
import type { Toolgate } from "../registry/toolgate";

/**
 * The function behind the chain: decides on a call, runs it if its tool is a mutation, and writes the audit row, in one transaction.
 *
 * @param chain - the same that `compose` gets in `http.ts`.
 */
export const gateModule = <const Links extends readonly Link[]>(
  app: Toolgate,
  chain: Links & Chain<Links>,
) => ({ admit: internalMutationGeneric(admission(app, chain)) });

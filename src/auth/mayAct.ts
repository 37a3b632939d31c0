/** Asks the app whether the person for whom an agent works may still act. */
import type { FunctionReference } from "convex/server";
import type { Identity } from "../data/principal";
import type { OfSubject, Toolgate } from "../registry/toolgate";
import { logInternalError } from "../wire/responses";

/** A transaction, as far as it runs a query of the app. */
export interface Asking {
  readonly runQuery: (
    ref: FunctionReference<"query", "internal", OfSubject, boolean>,
    args: OfSubject,
  ) => Promise<boolean>;
}

/**
 * Whether a person may act. An app that does not say how to tell lets everybody act; no query runs then.
 *
 * @returns false also if the query fails, which the log tells.
 */
export const mayAct = async (
  tx: Asking,
  { subjects, tenants }: Pick<Toolgate, "subjects" | "tenants">,
  { subject, tenant }: Pick<Identity, "subject" | "tenant">,
): Promise<boolean> => {
  const ask = subjects?.mayAct;
  if (ask === undefined) return true;
  try {
    return await tx.runQuery(ask(), { subject, ...(tenants && { tenant }) });
  } catch (error) {
    logInternalError(error);
    return false;
  }
};

/** What a look of an open stream gives, if there is anything to see. */
type Seen = { readonly isKeyValid: boolean } | null;

/** The definition of a query that an open stream polls. */
interface Look {
  readonly handler: (ctx: never, args: never) => Promise<Seen>;
}

/** Makes the query that a stream polls look at the person too: for one who may not act, the key is no longer valid. */
export const heeding = <Definition extends Look>(
  app: Pick<Toolgate, "subjects" | "tenants">,
  look: Definition,
): Definition => {
  const handler = async (ctx: Asking, args: { readonly principal: Identity }): Promise<Seen> => {
    const seen = await look.handler(ctx as never, args as never);
    return seen === null || (await mayAct(ctx, app, args.principal))
      ? seen
      : { ...seen, isKeyValid: false };
  };
  // Inherited, so that validators behind getters are made only when Convex asks for them.
  return Object.create(look, { handler: { value: handler } }) as Definition;
};

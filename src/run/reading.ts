/**
 * The query behind everything that is only read. It runs the app's own query and says how that ended as data: to Convex, what an app
 * refuses or asks is no failure, to be counted, reported and logged with its arguments.
 */
import { v, type Infer } from "convex/values";
import { inputValidator } from "../data/arguments";
import { targetValidator } from "../data/call";
import type { GateQuery } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import { principalValidator } from "../data/principal";
import type { Toolgate } from "../registry/toolgate";
import type { Args } from "./arguments";
import { attempt } from "./attempt";
import { explainWith } from "./explain";
import { findQuery } from "./queries";

/** What to read, and for whom. */
const readValidator = () =>
  v.object({
    target: targetValidator(),
    /** The argument to complete. */
    complete: v.optional(v.string()),
    /** As JSON text: Convex values do not take every member name that JSON does. */
    arguments: v.string(),
    principal: principalValidator(),
    /** For what may ask the client. */
    input: v.optional(inputValidator()),
  });

export type Read = Infer<ReturnType<typeof readValidator>>;

/** The definition of that query. Whether the caller may read is not checked. */
export const reading = (app: Toolgate) => ({
  get args() {
    return readValidator().fields;
  },
  handler: (
    ctx: Pick<GateQuery, "runQuery">,
    { target, complete, arguments: text, principal, input }: Read,
  ): Promise<Ended | Asked> => {
    const args = JSON.parse(text) as Args;
    const filled = { principal, input };
    return attempt(
      async () => {
        const query = findQuery(app, { target, args, complete }, filled);
        if (query === undefined) throw new Error(`There is nothing to read at ${target.name}`);
        return ctx.runQuery(query.ref, query.args);
      },
      async () => (target.kind === "tool" ? explainWith(ctx, app.dir, target.name, text) : []),
    );
  },
});

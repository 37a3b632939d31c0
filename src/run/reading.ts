/**
 * The query behind every read. It runs the app's own query and returns the outcome as data. It does not throw what the app refuses or
 * asks, because Convex would count it as a failure and log it with its arguments.
 */
import { v, type Infer } from "convex/values";
import type { Sent } from "../base/defined";
import { inputValidator } from "../data/arguments";
import { targetValidator } from "../data/call";
import type { GateQuery } from "../data/database";
import type { Asked, Ended } from "../data/outcome";
import { principalValidator } from "../data/principal";
import { constraintValidator } from "../data/values";
import { find } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import type { Args } from "./arguments";
import { attempt } from "./attempt";
import { asAsked, explainWith, UNEXPLAINED } from "./explain";
import { findQuery } from "./queries";

/** The read, and the caller. */
const readValidator = () =>
  v.object({
    target: targetValidator(),
    /** The name of the argument to complete. */
    complete: v.optional(v.string()),
    /** The arguments as JSON text, because Convex values do not allow every member name that JSON does. */
    arguments: v.string(),
    principal: principalValidator(),
    /** Set if the entry may ask the client. */
    input: v.optional(inputValidator()),
    /** The key's constraints on the tool. */
    constraints: v.optional(v.record(v.string(), constraintValidator())),
    /** The names of the arguments that the key fixes. */
    fixed: v.optional(v.array(v.string())),
  });

export type Read = Sent<Infer<ReturnType<typeof readValidator>>>;

/** The definition of the query `read`. It returns the outcome. Whether the caller may read is not checked: the admission does that. */
export const reading = (app: Toolgate) => ({
  get args() {
    return readValidator().fields;
  },
  handler: (
    tx: Pick<GateQuery, "runQuery">,
    { target, complete, arguments: text, principal, input, constraints, fixed = [] }: Read,
  ): Promise<Ended | Asked> => {
    const sent = JSON.parse(text) as Args;
    const filled = { principal, input };
    return attempt(
      async (args = sent) => {
        const query = findQuery(app, { target, args, complete, constraints }, filled);
        if (query === undefined) throw new Error(`There is nothing to read at ${target.name}`);
        return tx.runQuery(query.ref, query.args).catch(query.explain);
      },
      async () =>
        target.kind === "tool"
          ? explainWith(tx, app.dir, target.name, text, fixed).then(
              asAsked(find(app.tools, target.name)),
            )
          : UNEXPLAINED,
      { errors: app.errors, fixed },
    );
  },
});

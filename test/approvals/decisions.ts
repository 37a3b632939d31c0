/** Decides on calls that wait, as an operator does. */
import type { ConvexError } from "convex/values";
import { internal } from "../../convex/_generated/api";
import type { Backend } from "../support/gate";

/** Looks at a call and decides on it, as an operator does who has read what is shown. */
export const decide = async (
  t: Backend,
  jobId: string,
  verdict: "approve" | "deny",
  more: { by?: string; note?: string; seen?: string } = {},
) => {
  const { seen } = await t.query(internal.toolgate.admin.getApproval, { jobId });
  return t.mutation(internal.toolgate.admin.decideApproval, {
    ...{ jobId, verdict, by: "Olga", seen, ...more },
  });
};

/** The code with which a decision is refused. */
export const refusal = (decision: Promise<unknown>): Promise<string> =>
  decision.then(
    () => "none",
    (error: unknown) => (error as ConvexError<{ code: string }>).data.code,
  );

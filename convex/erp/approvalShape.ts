/** The shape of the answers in approvals.ts: `approvalValidator()` of the library, for functions that speak zod. */
import * as z from "zod";

export const approvalSchema = z.object({
  needed: z.boolean(),
  reason: z.string().optional(),
  summary: z
    .object({
      title: z.string(),
      amount: z.string().optional(),
      lines: z.array(z.object({ label: z.string(), value: z.string() })),
    })
    .optional(),
});

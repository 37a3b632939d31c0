/** Consent to what cannot be taken back: from the user where the client can ask, else by an argument. */
import * as z from "zod";
import type { Input } from "../../src/entry/functions";
import { elicitation } from "../../src/entry/functions";
import { fail } from "./fail";

export const confirmArg = z
  .boolean()
  .optional()
  .describe(
    "Only counts where the user cannot be asked by this server: true once they have agreed to exactly this call.",
  );

const form = {
  type: "object",
  properties: { agree: { type: "boolean", title: "I agree" } },
  required: ["agree"],
};

/**
 * Goes on only with consent to `what`, a sentence that names what will happen to what. An agent cannot agree for a user who can be asked.
 *
 * @throws ConvexError `confirmation_required`, `declined`, and the gate's own to ask; then nothing was changed.
 */
export const requireConfirmation = async (
  input: Input,
  confirm: boolean | undefined,
  what: string,
): Promise<void> => {
  if (!input.can("elicitation")) {
    if (confirm === true) return;
    fail(
      "confirmation_required",
      `${what} Nothing was done yet: call again with confirm: true once the user agrees.`,
    );
  }
  const { consent } = await input.ask({ consent: elicitation(what, form) });
  if (consent.action !== "accept" || consent.content.agree !== true)
    fail("declined", "The user did not agree. Nothing was done.");
};

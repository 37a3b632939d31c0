/**
 * Asks for consent before a step that cannot be undone. The user is asked where the client supports it. Otherwise the argument
 * `confirm` counts.
 */
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
 * Returns only if there is consent. If the user can be asked, only the user's own answer counts, and `confirm` is ignored.
 *
 * @param confirm - the agent's statement that the user agrees.
 * @param what - a sentence that names the step and the record it changes.
 * @throws ConvexError `confirmation_required` if the user cannot be asked and `confirm` is not true, `declined` if the user does not
 * agree, and the error by which `input.ask` stops the function to ask. In all these cases nothing is changed.
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

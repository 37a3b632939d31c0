/**
 * Asks for consent before a step that cannot be undone. The user is asked where the client supports it. Otherwise the argument
 * `confirm` counts.
 */
import { v } from "convex/values";
import type { Input } from "../../src/entry/functions";
import { elicitation, field, inQuotes } from "../../src/entry/functions";
import { fail } from "./fail";

export const confirmArg = field(v.optional(v.boolean()), {
  description:
    "Only where this server cannot ask the user: true once they have agreed to exactly this call.",
});

const form = {
  type: "object",
  properties: { agree: { type: "boolean", title: "I agree" } },
  required: ["agree"],
};

/** The longest name from the database that a question quotes, in characters. */
const LONGEST_NAME = 120;

/** Quotes a name from the database for a question. Others wrote it, so it must not speak for the ERP. */
export const named = (name: string): string => inQuotes(name, LONGEST_NAME);

/**
 * Returns only if there is consent. If the user can be asked, only the user's own answer counts, and `confirm` is ignored.
 *
 * @param confirm - the agent's statement that the user agrees.
 * @param amount - what it is about, in money. It comes first: a long name must not push it out of sight.
 * @param step - a sentence that names the step and the record it changes, with `named` around what others wrote.
 * @throws ConvexError `confirmation_required` if the user cannot be asked and `confirm` is not true, `declined` if the user does not
 * agree, and the error by which `input.ask` stops the function to ask. In all these cases nothing is changed.
 */
export const requireConfirmation = async (
  input: Input,
  confirm: boolean | undefined,
  amount: string,
  step: string,
): Promise<void> => {
  const question = `${amount}: ${step}`;
  if (!input.can("elicitation")) {
    if (confirm === true) return;
    fail(
      "confirmation_required",
      `${question} Nothing was done yet: call again with confirm: true once the user agrees.`,
    );
  }
  const { consent } = await input.ask({ consent: elicitation(question, form) });
  if (consent.action !== "accept" || consent.content.agree !== true)
    fail("declined", "The user did not agree. Nothing was done.");
};

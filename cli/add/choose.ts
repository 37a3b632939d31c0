/** Lets a person choose among proposals. */
import { autocompleteMultiselect, isCancel } from "@clack/prompts";
import { Failure } from "../operate/run";
import type { Proposal } from "./propose";

/** What a person sees beside a name. */
const hint = ({ function: fn, kind, description, readsIdentity }: Proposal): string =>
  `${kind} ${fn}${readsIdentity ? ", reads the signed-in user" : ""}. ${description}`;

/** Lets a person choose at the terminal. @throws Failure if they leave. */
export const choose = async (
  proposals: readonly Proposal[],
  isPreset: boolean,
): Promise<readonly Proposal[]> => {
  const chosen = await autocompleteMultiselect<Proposal>({
    message: "Which functions become tools? Type to search, Tab to choose, Enter when done.",
    options: proposals.map((value) => ({ value, label: value.name, hint: hint(value) })),
    ...(isPreset ? { initialValues: [...proposals] } : {}),
    maxItems: 12,
  });
  if (isCancel(chosen)) throw new Failure("Nothing was changed.");
  return chosen;
};

/** Chooses among proposals: by patterns, and by a person. */
import { autocompleteMultiselect, isCancel } from "@clack/prompts";
import type { Unread } from "../app/evaluate";
import { Failure } from "../operate/run";
import type { Proposal } from "./propose";

/** Whether a pattern with `*` for any text fits all of a text. */
const fits = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"))
      .join(".*")}$`,
  ).test(text);

const dotted = (name: string): string => name.replace(/[/:]/g, ".");

/** The texts that a pattern can name a proposal by: the tool, the function in both ways to write it, the module likewise. */
const handles = ({ name, function: fn }: Proposal): string[] => {
  const [module = fn] = fn.split(":");
  return [name, fn, dotted(fn), module, dotted(module)];
};

/** The proposals that a pattern fits: the name of the tool, the function as `module:name` or `module.name`, or its module. All, without a pattern. */
export const matching = (
  proposals: readonly Proposal[],
  patterns: readonly string[],
  unread: readonly Unread[],
): readonly Proposal[] => {
  const idle = patterns.find(
    (pattern) => !proposals.some((one) => handles(one).some((text) => fits(pattern, text))),
  );
  const named = unread.find(
    ({ module }) => idle !== undefined && /^[^.:*]*/.exec(idle)?.[0] === module,
  );
  if (named !== undefined)
    throw new Failure(`The module ${named.module} cannot be evaluated here: ${named.why}`);
  if (idle !== undefined)
    throw new Failure(
      `Nothing that is no tool yet fits "${idle}". Give a function as contacts.search, a module as contacts, or a part with *; \`toolgate add --dry-run\` lists all.`,
    );
  return patterns.length === 0
    ? proposals
    : proposals.filter((one) =>
        handles(one).some((text) => patterns.some((pattern) => fits(pattern, text))),
      );
};

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

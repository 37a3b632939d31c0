/** Checks the arguments that an operator fixes for a key. */
import type { Fixed } from "../auth/fixed";
import { isJson } from "../base/json";
import { refuse } from "../base/refuse";
import { filledIn, passesFor } from "../data/arguments";
import type { GateTx } from "../data/database";
import { find } from "../registry/entries";
import type { Toolgate } from "../registry/toolgate";
import { explainWith, type Explained } from "../run/explain";

/** The most characters of JSON that all fixed arguments of a key come to. They travel with each call. */
const MAX_FIXED = 8192;

const invalid = (message: string) => refuse("invalid_arguments", `fixed: ${message}`);

/** What the catalog says of them. It loads the tool's module, and the module of this function does not. */
const explained = async (
  tx: GateTx,
  { dir }: Toolgate,
  tool: string,
  args: object,
): Promise<Explained> => {
  const names = Object.keys(args);
  return explainWith(tx, dir, tool, JSON.stringify(args), names).catch(() =>
    invalid(`${tool} cannot be described: the log of tools/list says why`),
  );
};

/**
 * Checks that each tool exists and takes its fixed arguments.
 *
 * @throws ConvexError `invalid_arguments` that names the tool and the argument.
 */
export const requireFixed = async (tx: GateTx, app: Toolgate, fixed: Fixed): Promise<void> => {
  if (!isJson(fixed)) invalid("expected values that JSON can hold");
  if (JSON.stringify(fixed).length > MAX_FIXED)
    invalid(`expected at most ${String(MAX_FIXED)} characters of JSON`);
  for (const [name, args] of Object.entries(fixed)) {
    const tool = find(app.tools, name);
    if (tool === undefined) return invalid(`there is no tool ${JSON.stringify(name)}`);
    if (tool.kind !== "query" && Object.hasOwn(args, "idempotencyKey"))
      invalid(`${name}.idempotencyKey is for the client to choose`);
    const forged = filledIn.find((one) => passesFor(one, args[one]));
    if (forged !== undefined) invalid(`${name}.${forged}: no such argument`);
    const { unfit: [problem] = [] } = await explained(tx, app, name, args);
    if (problem !== undefined) invalid(`${name}.${problem}`);
  }
};

/** The checks of tools: the list for the key, and a call of one tool. */
import type { Params } from "../../../src/wire/jsonrpc";
import { admitted, resultOf, textOf } from "../answer";
import type { Check } from "../check";
import type { Deployment } from "../deployment";
import { fail, needed, ok, skip, Verdict, warn, type Finding } from "../finding";
import type { NamedCall } from "../target";
import { isReadOnly, needsNothing, type ToolPage } from "../toolPage";

const RIGHTS =
  "The key's role may do nothing, or the key names no tool of it: `npx toolgate keys get <keyId>`, `npx toolgate roles list`.";
const NAME_ONE = "Name one: --tool <name> --arguments '{…}'.";

const describePage = ({ tools, isWhole }: ToolPage): string => {
  const readOnly = tools.filter(isReadOnly).length;
  return `${tools.length} tools${isWhole ? "" : " on the first page"}, ${readOnly} read-only`;
};

/** Lists the tools that the key may call. An empty list is a warning, because such a key can do nothing. */
export const toolsList: Check = {
  name: "tools/list",
  run: async (deployment) => {
    const page = await deployment.tools();
    return page.tools.length > 0 ? ok(describePage(page)) : warn("no tools", RIGHTS);
  },
};

/** Chooses the tool that the user named, or else a read-only tool that needs no arguments. */
export const choose = (
  { target: { tool } }: Deployment,
  { tools }: ToolPage,
): NamedCall | undefined => {
  if (tool !== undefined) return tool;
  const found = tools.find((listed) => isReadOnly(listed) && needsNothing(listed));
  return found && { name: found.name, arguments: {} };
};

/** @throws Verdict `fail` if the list is whole and lacks the tool. */
export const requireListed = ({ tools, isWhole }: ToolPage, call: NamedCall): void => {
  if (isWhole && !tools.some(({ name }) => name === call.name))
    throw new Verdict(fail(`${call.name} is not in tools/list`, RIGHTS));
};

const judge = (name: string, result: Params, ms: number): Finding => {
  if (result.isError === true) {
    return warn(`${name}: ${textOf(result)}`, `The tool refused the call. ${NAME_ONE}`);
  }
  return ok(`${name} answered after ${Math.round(ms)} ms`);
};

const runCall = async (deployment: Deployment): Promise<Finding> => {
  const page = await needed(deployment.tools(), "tools/list");
  if (page.tools.length === 0) return skip("see tools/list");
  const call = choose(deployment, page);
  if (call === undefined) return warn("no read-only tool without arguments", NAME_ONE);
  requireListed(page, call);
  const dialect = await deployment.dialect();
  const reply = await deployment.askWithKey(dialect.ask("tools/call", { ...call }));
  return judge(call.name, resultOf(admitted(reply)), reply.ms);
};

/** Calls the tool that the user named, or else a read-only tool. */
export const toolsCall: Check = { name: "tools/call", run: runCall };

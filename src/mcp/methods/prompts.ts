/** Answers prompts/list and prompts/get. */
import { authorize } from "../../auth/rights";
import { quoted } from "../../base/text";
import { entriesOf, find } from "../../registry/entries";
import type { Prompt } from "../../registry/prompts";
import { titleOf } from "../../registry/titles";
import { ErrorCode, invalidParams, isObject, RpcError, type Params } from "../../wire/jsonrpc";
import type { Handle } from "../exchange";
import { inputRequired } from "../waiting/inputRequired";
import { paginate } from "./page";
import { read, valueOf } from "./read";

const toListed = ([name, { title, description, arguments: args = {} }]: [
  string,
  Prompt,
]): object => ({
  name,
  title: titleOf(name, title),
  description,
  arguments: Object.entries(args).map(([argument, one]) => ({
    name: argument,
    description: one.description,
    required: one.required === true,
  })),
});

/**
 * Lists the prompts that the caller may use, one page.
 *
 * @throws RpcError -32602 for a wrong cursor
 */
export const listPrompts: Handle = (exchange) => {
  const { rights } = exchange;
  const visible = entriesOf(exchange.app.prompts ?? {}).filter(([name, one]) =>
    authorize(rights, { kind: "prompt", name }, one),
  );
  const { items, ...next } = paginate(visible, ([name]) => name, exchange.message.params.cursor);
  return Promise.resolve({ prompts: items.map(toListed), ...next });
};

/**
 * Checks that every argument is known and a string, and that no required one is missing.
 *
 * @throws RpcError -32602 that names the argument.
 */
const checkArguments = (sent: Params, { arguments: known = {} }: Prompt): void => {
  for (const [name, value] of Object.entries(sent)) {
    if (!Object.hasOwn(known, name))
      throw invalidParams(`there is no argument ${JSON.stringify(quoted(name, 64))}`);
    if (typeof value !== "string")
      throw invalidParams(`argument ${JSON.stringify(quoted(name, 64))} must be a string`);
  }
  for (const [name, { required }] of Object.entries(known)) {
    if (required === true && !Object.hasOwn(sent, name))
      throw invalidParams(`argument "${name}" is missing`);
  }
};

/**
 * Runs the query behind a prompt and answers with its messages, or asks for input.
 *
 * @throws RpcError -32602 for wrong arguments and for what the app refuses, -32603 for a fault or a prompt that is too large.
 */
export const getPrompt: Handle = async (exchange) => {
  const { target } = exchange.call;
  const prompt = find(exchange.app.prompts ?? {}, target?.name ?? "");
  if (target === undefined || prompt === undefined) throw new Error("No prompt was admitted");
  const { arguments: args = {} } = exchange.message.params;
  if (!isObject(args)) throw invalidParams('"arguments" must be an object');
  checkArguments(args, prompt);
  const found = await read(exchange, target, JSON.stringify(args));
  if (found.state === "asked") return inputRequired(exchange, found);
  const value = valueOf(found);
  if (!isObject(value)) throw new RpcError(ErrorCode.InternalError, "The prompt is too large");
  return { description: prompt.description, ...value };
};

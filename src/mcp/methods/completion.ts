/** Answers completion/complete. */
import { cut, quoted } from "../../base/text";
import type { Target } from "../../data/call";
import { find } from "../../registry/entries";
import { findResource, variableNames } from "../../registry/resources";
import { invalidParams, isObject } from "../../wire/jsonrpc";
import type { Handle } from "../exchange";
import type { Toolgate } from "../../registry/toolgate";
import { read, valueOf } from "./read";

/** The most values that the protocol allows in one reply. */
const MAX_VALUES = 100;

/**
 * Whether the argument of a prompt, or the variable of a resource's URI, has a completer.
 *
 * @throws RpcError -32602 if the entry has no such argument or variable.
 */
const hasCompleter = ({ prompts = {}, resources = {} }: Toolgate, target: Target, name: string) => {
  const { arguments: args = {} } = find(prompts, target.name) ?? {};
  if (target.kind === "prompt") {
    if (!Object.hasOwn(args, name))
      throw invalidParams(`there is no argument ${JSON.stringify(quoted(name, 64))}`);
    return args[name]?.complete !== undefined;
  }
  if (!variableNames(target.name).includes(name)) {
    throw invalidParams(`there is no variable ${JSON.stringify(quoted(name, 64))}`);
  }
  const completers = findResource(resources, target.name)?.resource.complete ?? {};
  return Object.hasOwn(completers, name);
};

/**
 * Suggests values for an argument, at most 100. There are none for an argument without a completer.
 *
 * @throws RpcError -32602 for a malformed `argument` or an unknown name, and for what the app refuses.
 */
export const complete: Handle = async (exchange) => {
  const { target } = exchange.call;
  const { argument } = exchange.message.params;
  if (target === undefined) throw new Error("Nothing was admitted to be completed");
  if (
    !isObject(argument) ||
    typeof argument.name !== "string" ||
    typeof argument.value !== "string"
  ) {
    throw invalidParams('"argument" must be an object with the strings "name" and "value"');
  }
  const { name, value } = argument;
  if (!hasCompleter(exchange.app, target, name)) return { completion: { values: [] } };
  const offered = valueOf(
    await read(exchange, target, JSON.stringify({ value: cut(value, 256) }), name),
  ) as string[];
  return {
    completion: {
      values: offered.slice(0, MAX_VALUES),
      hasMore: offered.length > MAX_VALUES,
    },
  };
};

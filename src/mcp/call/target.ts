/** Reads the resource or prompt that a message names. */
import type { Target } from "../../data/call";
import { invalidParams, isObject, type Params } from "../../wire/jsonrpc";
import type { Asks } from "../exchange";

const isText = (value: unknown): value is string => typeof value === "string";

/**
 * The resource of `resources/read`, `resources/subscribe` or `resources/unsubscribe`.
 *
 * @throws RpcError -32602 without a `uri`
 */
export const resourceCall: Asks = ({ params: { uri } }) => {
  if (isText(uri)) return { target: { kind: "resource", name: uri } };
  throw invalidParams('"uri" must be a string');
};

/**
 * The prompt of `prompts/get`.
 *
 * @throws RpcError -32602 without a `name`
 */
export const promptCall: Asks = ({ params: { name } }) => {
  if (isText(name)) return { target: { kind: "prompt", name } };
  throw invalidParams('"name" must be a string');
};

const referred = ({ ref }: Params): Target => {
  if (isObject(ref) && ref.type === "ref/prompt" && isText(ref.name)) {
    return { kind: "prompt", name: ref.name };
  }
  if (isObject(ref) && ref.type === "ref/resource" && isText(ref.uri)) {
    return { kind: "resource", name: ref.uri };
  }
  throw invalidParams('"ref" must be a prompt with a "name" or a resource with a "uri"');
};

/**
 * The prompt or resource whose argument `completion/complete` completes.
 *
 * @throws RpcError -32602 without a valid `ref`
 */
export const completionCall: Asks = ({ params }) => ({ target: referred(params) });

/** What a call asks leave for when its method names a resource or a prompt. */
import type { Target } from "../../data/call";
import { invalidParams, isObject, type Params } from "../../wire/jsonrpc";
import type { Asks } from "../exchange";

const isText = (value: unknown): value is string => typeof value === "string";

export const resourceCall: Asks = ({ params: { uri } }) => {
  if (isText(uri)) return { target: { kind: "resource", name: uri } };
  throw invalidParams('"uri" must be a string');
};

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

export const completionCall: Asks = ({ params }) => ({ target: referred(params) });

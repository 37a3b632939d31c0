/** Checks a client's response against its request. */
import { v, type GenericValidator } from "convex/values";
import { onOneLine } from "../base/plainText";
import { field } from "../fields/field";
import { read } from "../fields/read";
import { isObject } from "../wire/jsonrpc";
import { defaultsOf, formValidator, isOpen } from "./form";
import type { Elicitation, InputRequest } from "./request";

/** The response as the tool gets it, or what is wrong with it: a path and a phrase. */
export type Response = { readonly value: unknown } | { readonly problem: string };

type Fields = Readonly<Record<string, GenericValidator>>;

const oneOf = (...values: readonly string[]) => v.union(...values.map((value) => v.literal(value)));

/** The members that we know. A client may send others. */
const known = (fields: Fields, value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(fields, name)))
    : value;

/** The longest problem that is told, in characters. It may quote the names of members that the client has sent. */
const LONGEST = 200;

/**
 * @param whole - what the tool gets if the response fits.
 */
const readAs = (fields: Fields, response: unknown, whole: unknown): Response => {
  const answer = read(v.object(fields as never), known(fields, response));
  if ("value" in answer) return { value: whole };
  const [{ path, message }] = answer.issues;
  return { problem: onOneLine([...path, message].join(": "), LONGEST) };
};

const reaction = { action: oneOf("accept", "decline", "cancel") };

const readElicited = ({ params }: Elicitation, response: unknown): Response => {
  const { mode, requestedSchema: form = {} } = params;
  if (mode === "url" || !isObject(response) || response.action !== "accept")
    return readAs(reaction, response, known(reaction, response));
  // A client may leave out the content of an empty form.
  const { action, content = {} } = response;
  const filled = isObject(content) ? { ...defaultsOf(form), ...content } : content;
  const asked = formValidator(form);
  const answer = { action, content: isOpen(form) ? known(asked.fields, filled) : filled };
  return readAs({ ...reaction, content: asked }, answer, { action, content: filled });
};

const isBlock = (value: unknown): boolean => isObject(value) && typeof value.type === "string";
const areBlocks = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isBlock) : isBlock(value);

const sampled = {
  role: oneOf("user", "assistant"),
  content: field(v.any(), { check: [areBlocks, "Invalid input"] }),
  model: v.string(),
};

const root = { uri: v.string() };
const listed = { roots: v.array(v.object(root)) };

const readListed = (response: unknown): Response => {
  const { roots } = isObject(response) ? response : {};
  const uris = Array.isArray(roots) ? roots.map((one: unknown) => known(root, one)) : roots;
  return readAs(listed, isObject(response) ? { roots: uris } : response, { roots });
};

/** Reads the response to a request. */
export const readResponse = (request: InputRequest, response: unknown): Response => {
  switch (request.method) {
    case "elicitation/create":
      return readElicited(request, response);
    case "sampling/createMessage":
      return readAs(sampled, response, response);
    case "roots/list":
      return readListed(response);
  }
};

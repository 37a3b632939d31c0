/** Checks a client's response against its request. Only tool modules import it, since it brings in zod. */
import { z } from "zod";
import { onOneLine } from "../base/plainText";
import type { Elicitation, InputRequest } from "./request";

/** The response as the tool gets it, or what is wrong with it: a path and a phrase. */
export type Read = { readonly value: unknown } | { readonly problem: string };

const elicited = z.object({ action: z.enum(["accept", "decline", "cancel"]) });

const sampled = z.looseObject({
  role: z.enum(["user", "assistant"]),
  content: z.union([
    z.looseObject({ type: z.string() }),
    z.array(z.looseObject({ type: z.string() })),
  ]),
  model: z.string(),
});

const listed = z.object({ roots: z.array(z.looseObject({ uri: z.string() })) });

/** A client may leave out the content of an empty form. */
const accepted = (content: z.ZodType) =>
  z.object({ action: z.literal("accept"), content: content.prefault({}) });

/** The longest problem that is told, in characters. It may quote the names of members that the client has sent. */
const LONGEST = 200;

const read = (schema: z.ZodType, response: unknown): Read => {
  const { data, error } = schema.safeParse(response);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return { value: data };
  return { problem: onOneLine([...issue.path, issue.message].join(": "), LONGEST) };
};

const readElicited = ({ params }: Elicitation, response: unknown): Read => {
  const reaction = read(elicited, response);
  if (!("value" in reaction) || params.mode === "url") return reaction;
  const { action } = reaction.value as z.output<typeof elicited>;
  if (action !== "accept") return reaction;
  const form = z.fromJSONSchema(params.requestedSchema as z.core.JSONSchema.JSONSchema);
  return read(accepted(form), response);
};

/** Reads the response to a request. */
export const readResponse = (request: InputRequest, response: unknown): Read => {
  switch (request.method) {
    case "elicitation/create":
      return readElicited(request, response);
    case "sampling/createMessage":
      return read(sampled, response);
    case "roots/list":
      return read(listed, response);
  }
};

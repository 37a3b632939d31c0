/** Checks a client's response against its request. Only tool modules import it, since it brings in zod. */
import { z } from "zod";
import type { InputRequest } from "./request";

const elicited = z.object({ action: z.enum(["decline", "cancel"]) });

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

const schemaOf = ({ method, params }: InputRequest): z.ZodType => {
  switch (method) {
    case "elicitation/create":
      return z.union([
        elicited,
        params.mode === "url"
          ? z.object({ action: z.literal("accept") })
          : accepted(z.fromJSONSchema(params.requestedSchema as z.core.JSONSchema.JSONSchema)),
      ]);
    case "sampling/createMessage":
      return sampled;
    case "roots/list":
      return listed;
  }
};

/** Returns the response as the tool gets it; undefined if it does not fit the request, which must then be asked again. */
export const readResponse = (request: InputRequest, response: unknown): unknown =>
  schemaOf(request).safeParse(response).data;

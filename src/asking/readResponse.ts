/** Reads a response in the form that its request asks for. For tool modules alone: it brings in zod. */
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

/** An empty form may come without its content. */
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

/** The response as the tool gets it; undefined for one that it could not make sense of, and that has to be asked for again. */
export const readResponse = (request: InputRequest, response: unknown): unknown =>
  schemaOf(request).safeParse(response).data;

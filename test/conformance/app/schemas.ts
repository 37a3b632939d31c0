/** Tools whose schemas say what validators cannot. */
import { v } from "convex/values";
import { withInputSchema } from "../../../src/catalog/ownSchema";
import { content, contentValidator } from "../../../src/registry/content";
import { internalQuery } from "./server";

const text = v.optional(v.string());

export const contact = withInputSchema(
  {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: {
      address: {
        $anchor: "addressDef",
        type: "object",
        properties: { street: { type: "string" }, city: { type: "string" } },
      },
    },
    properties: {
      name: { type: "string" },
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: { type: "string" },
      email: { type: "string" },
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  },
  internalQuery({
    args: {
      ...{ name: text, contactMethod: text, phone: text, email: text },
      address: v.optional(v.object({ street: text, city: text })),
    },
    returns: contentValidator(),
    handler: async (_ctx, { name }) => content({ type: "text", text: `Contact: ${name ?? ""}` }),
  }),
);

export const region = internalQuery({
  args: { region: text, level: v.optional(v.number()) },
  returns: contentValidator(),
  handler: async (_ctx, args) => content({ type: "text", text: `Region: ${args.region ?? ""}` }),
});

/** Tools that ask a 2025 client: of its model, and with forms of every kind. */
import { v } from "convex/values";
import { inputHandle } from "../../../src/asking/handle";
import { elicitation, sampling } from "../../../src/asking/request";
import { inputValidator } from "../../../src/data/arguments";
import { content, contentValidator } from "../../../src/registry/content";
import { internalQuery } from "./server";

const said = (value: string) => content({ type: "text", text: value });

export const sample = internalQuery({
  args: { prompt: v.string(), input: inputValidator() },
  returns: contentValidator(),
  handler: async (_ctx, { prompt, input }) => {
    const { sample: answer } = await inputHandle(input).ask({
      sample: sampling({
        messages: [{ role: "user", content: { type: "text", text: prompt } }],
        maxTokens: 100,
      }),
    });
    const { text = "" } = answer.content as { text?: string };
    return said(`LLM response: ${text}`);
  },
});

export const elicit = internalQuery({
  args: { message: v.string(), input: inputValidator() },
  returns: contentValidator(),
  handler: async (_ctx, { message, input }) => {
    const { user } = await inputHandle(input).ask({
      user: elicitation(message, {
        type: "object",
        properties: {
          username: { type: "string", description: "User's response" },
          email: { type: "string", description: "User's email address" },
        },
        required: ["username", "email"],
      }),
    });
    return said(`User response: ${JSON.stringify(user)}`);
  },
});

/** A tool that shows a form with these fields. */
const form = (message: string, properties: object) =>
  internalQuery({
    args: { input: inputValidator() },
    returns: contentValidator(),
    handler: async (_ctx, { input }) => {
      const { form: filled } = await inputHandle(input).ask({
        form: elicitation(message, { type: "object", properties, required: [] }),
      });
      return said(`Elicitation completed: ${JSON.stringify(filled)}`);
    },
  });

export const defaults = form("Please review and update the form fields with defaults", {
  name: { type: "string", description: "User name", default: "John Doe" },
  age: { type: "integer", description: "User age", default: 30 },
  score: { type: "number", description: "User score", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", description: "Verification status", default: true },
});

const options = ["option1", "option2", "option3"];
const titled = options.map((option, at) => ({ const: option, title: `Option ${String(at + 1)}` }));

export const enums = form("Please select options from the enum fields", {
  untitledSingle: { type: "string", enum: options },
  titledSingle: { type: "string", oneOf: titled },
  legacyEnum: {
    type: "string",
    enum: ["opt1", "opt2", "opt3"],
    enumNames: ["Option One", "Option Two", "Option Three"],
  },
  untitledMulti: { type: "array", items: { type: "string", enum: options } },
  titledMulti: { type: "array", items: { anyOf: titled } },
});

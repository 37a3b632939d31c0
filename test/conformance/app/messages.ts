/** What the fixture's prompts say, and what it offers for their arguments. */
import { v } from "convex/values";
import { PNG } from "./media";
import { internalQuery } from "./server";

const messagesValidator = v.object({ messages: v.array(v.any()) });

const from = (...contents: readonly object[]) => ({
  messages: contents.map((content) => ({ role: "user", content })),
});

const text = (value: string) => ({ type: "text", text: value });

export const simple = internalQuery({
  args: {},
  returns: messagesValidator,
  handler: async () => from(text("This is a simple prompt for testing.")),
});

export const withArguments = internalQuery({
  args: { arg1: v.string(), arg2: v.string() },
  returns: messagesValidator,
  handler: async (_ctx, { arg1, arg2 }) =>
    from(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
});

export const withResource = internalQuery({
  args: { resourceUri: v.string() },
  returns: messagesValidator,
  handler: async (_ctx, { resourceUri }) =>
    from(
      {
        type: "resource",
        resource: {
          uri: resourceUri,
          mimeType: "text/plain",
          text: "Embedded resource content for testing.",
        },
      },
      text("Please process the embedded resource above."),
    ),
});

export const withImage = internalQuery({
  args: {},
  returns: messagesValidator,
  handler: async () =>
    from(
      { type: "image", data: PNG, mimeType: "image/png" },
      text("Please analyze the image above."),
    ),
});

export const completions = internalQuery({
  args: { value: v.string() },
  returns: v.array(v.string()),
  handler: async (_ctx, { value }) =>
    ["test", "testing", "toolgate"].filter((word) => word.startsWith(value)),
});

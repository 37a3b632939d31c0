/** Tools that answer at once. */
import { ConvexError, v } from "convex/values";
import { content, contentValidator, type ContentBlock } from "../../../src/registry/content";
import { PNG, WAV } from "./media";
import { internalQuery } from "./server";

const text = (value: string) => ({ type: "text", text: value }) as const;

const image = { type: "image", data: PNG, mimeType: "image/png" } as const;

/** A tool without arguments that always answers the same. */
const answering = (...blocks: readonly ContentBlock[]) =>
  internalQuery({
    args: {},
    returns: contentValidator(),
    handler: async () => content(...blocks),
  });

export const simpleText = answering(text("This is a simple text response for testing."));

export const imageContent = answering(image);

export const audioContent = answering({ type: "audio", data: WAV, mimeType: "audio/wav" });

export const embeddedResource = answering({
  type: "resource",
  resource: {
    uri: "test://embedded-resource",
    mimeType: "text/plain",
    text: "This is an embedded resource content.",
  },
});

export const multipleTypes = answering(text("Multiple content types test:"), image, {
  type: "resource",
  resource: {
    uri: "test://mixed-content-resource",
    mimeType: "application/json",
    text: '{"test":"data","value":123}',
  },
});

export const fail = internalQuery({
  args: {},
  returns: v.null(),
  handler: async (): Promise<null> => {
    throw new ConvexError("This tool intentionally returns an error for testing");
  },
});

export const greet = internalQuery({
  args: { name: v.string() },
  returns: contentValidator(),
  handler: async (_ctx, { name }) => content(text(`Hello, ${name}!`)),
});

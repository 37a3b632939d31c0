/** What the fixture's resources hold. */
import { v } from "convex/values";
import { PNG } from "./media";
import { internalQuery } from "./server";

const textual = v.object({ text: v.string() });

export const staticText = internalQuery({
  args: {},
  returns: textual,
  handler: async () => ({ text: "This is the content of the static text resource." }),
});

export const staticBinary = internalQuery({
  args: {},
  returns: v.object({ blob: v.string() }),
  handler: async () => ({ blob: PNG }),
});

export const watched = internalQuery({
  args: {},
  returns: textual,
  handler: async () => ({ text: "This resource is watched." }),
});

export const data = internalQuery({
  args: { id: v.string() },
  returns: textual,
  handler: async (_ctx, { id }) => ({
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  }),
});

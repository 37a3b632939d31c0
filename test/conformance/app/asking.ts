/** Tools and a prompt that ask the client for input. */
import { v } from "convex/values";
import { inputHandle, type Elicited, type Input } from "../../../src/asking/handle";
import { elicitation, roots, sampling } from "../../../src/asking/request";
import { inputValidator } from "../../../src/data/arguments";
import { content, contentValidator } from "../../../src/registry/content";
import { internalMutation, internalQuery } from "./server";

const said = (value: string) => content({ type: "text", text: value });

/** A tool without arguments that asks. */
const asking = (handler: (input: Input) => Promise<string>) =>
  internalQuery({
    args: { input: inputValidator() },
    returns: contentValidator(),
    handler: async (_ctx, { input }) => said(await handler(inputHandle(input))),
  });

/** A question with one field that must be filled in. */
export const question = (message: string, field: string, type = "string") =>
  elicitation(message, { type: "object", properties: { [field]: { type } }, required: [field] });

/** What was filled in, or what was done instead. */
export const filledIn = (answer: Elicited, field: string): string =>
  answer.action === "accept" ? String(answer.content[field]) : answer.action;

const prompted = (text: string, maxTokens = 100) =>
  sampling({ messages: [{ role: "user", content: { type: "text", text } }], maxTokens });

const askName = question("What is your name?", "name");

export const userName = asking(async (input) => {
  const { user_name: name } = await input.ask({ user_name: askName });
  return `Hello, ${filledIn(name, "name")}!`;
});

export const capital = asking(async (input) => {
  const { capital_question: answer } = await input.ask({
    capital_question: prompted("What is the capital of France?"),
  });
  return `Model said: ${JSON.stringify(answer.content)}`;
});

export const clientRoots = asking(async (input) => {
  const { client_roots: listed } = await input.ask({ client_roots: roots() });
  return `Roots: ${listed.roots.map(({ uri }) => uri).join(", ")}`;
});

/** It writes, as far as the gate knows: what comes back counts once, and only with its state. */
export const confirmed = internalMutation({
  args: { input: inputValidator() },
  returns: contentValidator(),
  handler: async (_ctx, { input }) => {
    await inputHandle(input).ask({ confirm: question("Please confirm", "ok", "boolean") });
    return said("state-ok");
  },
});

export const several = asking(async (input) => {
  const { user_name: name, client_roots: listed } = await input.ask({
    user_name: askName,
    greeting: prompted("Generate a greeting", 50),
    client_roots: roots(),
  });
  return `${filledIn(name, "name")} has ${String(listed.roots.length)} roots`;
});

export const rounds = asking(async (input) => {
  const { step1 } = await input.ask({ step1: question("Step 1: What is your name?", "name") });
  const { step2 } = await input.ask({
    step2: question("Step 2: What is your favorite color?", "color"),
  });
  return `${filledIn(step1, "name")} likes ${filledIn(step2, "color")}`;
});

export const whatItCan = asking(async (input) => {
  await input.ask({
    ...(input.can("elicitation") ? { user_name: askName } : {}),
    ...(input.can("sampling") ? { greeting: prompted("Generate a greeting") } : {}),
  });
  return "Asked for all that the client can do";
});

export const needsSampling = asking(async (input) => {
  await input.ask({ sample: prompted("Anything") });
  return "Sampled";
});

export const context = internalQuery({
  args: { input: inputValidator() },
  returns: v.object({ messages: v.array(v.any()) }),
  handler: async (_ctx, { input }) => {
    const { user_context: answer } = await inputHandle(input).ask({
      user_context: question("What context should the prompt use?", "context"),
    });
    const text = `Use this context: ${filledIn(answer, "context")}`;
    return { messages: [{ role: "user", content: { type: "text", text } }] };
  },
});

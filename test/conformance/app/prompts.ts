/** The prompts that the suite gets. */
import { prompt, type Prompts } from "../../../src/registry/prompts";
import { completer } from "../../../src/registry/resources";
import type { Permission } from "./permissions";
import { internal } from "./server";

const { asking, messages } = internal;

const reads = { permission: "fixture:read", principal: false } as const;

const words = completer(messages.completions, false);

// prettier-ignore
export const prompts: Prompts<Permission> = {
  test_simple_prompt: () => prompt(messages.simple, { ...reads, description: "A prompt without arguments." }),
  test_prompt_with_arguments: () => prompt(messages.withArguments, { ...reads, description: "A prompt with arguments.", arguments: { arg1: { description: "The first.", required: true, complete: words }, arg2: { description: "The second.", required: true } } }),
  test_prompt_with_embedded_resource: () => prompt(messages.withResource, { ...reads, description: "A prompt with a resource in it.", arguments: { resourceUri: { description: "The resource's URI.", required: true } } }),
  test_input_required_result_prompt: () => prompt(asking.context, { ...reads, input: true, description: "A prompt that asks first." }),
  test_prompt_with_image: () => prompt(messages.withImage, { ...reads, description: "A prompt with an image in it." }),
  test_extra_prompt: () => prompt(messages.simple, { permission: "fixture:extra_prompt", principal: false, description: "A prompt that is there now and then." }),
};

/** All that clients can name: tools, resources, prompts. One lookup for the gate, whatever it is. */
import { v, type Infer } from "convex/values";
import { findPrompt, type Prompts } from "./prompts";
import { findResource, type Resources } from "./resources";
import { findTool, type Registry } from "./tools";

export interface Surface {
  readonly tools: Registry;
  readonly resources?: Resources;
  readonly prompts?: Prompts;
}

/** What a call names. */
export const targetValidator = v.object({
  kind: v.union(v.literal("tool"), v.literal("resource"), v.literal("prompt")),
  /** The name of a tool or prompt, the URI of a resource. */
  name: v.string(),
});

export type Target = Infer<typeof targetValidator>;

/** What the gate must know of anything that can be named. */
export interface Named {
  readonly permission: string;
  readonly input?: boolean;
}

/** What a call names; undefined if there is none. */
export const findTarget = (surface: Surface, { kind, name }: Target): Named | undefined => {
  const { tools, resources = {}, prompts = {} } = surface;
  switch (kind) {
    case "tool":
      return findTool(tools, name);
    case "resource":
      return findResource(resources, name)?.resource;
    case "prompt":
      return findPrompt(prompts, name);
  }
};

/** All that clients can name: tools, resources, prompts. One lookup for the gate, whatever it is. */
import type { Target } from "../data/call";
import { find } from "./entries";
import type { Prompts } from "./prompts";
import { findResource, type Resources } from "./resources";
import type { Tools } from "./tools";

export interface Registry {
  readonly tools: Tools;
  readonly resources?: Resources;
  readonly prompts?: Prompts;
}

/** What the gate must know of anything that can be named. */
export interface Entry {
  readonly permission: string;
  readonly input?: boolean;
}

/** What a call names; undefined if there is none. */
export const findTarget = (registry: Registry, { kind, name }: Target): Entry | undefined => {
  const { tools, resources = {}, prompts = {} } = registry;
  switch (kind) {
    case "tool":
      return find(tools, name);
    case "resource":
      return findResource(resources, name)?.resource;
    case "prompt":
      return find(prompts, name);
  }
};

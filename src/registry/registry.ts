/** The registry: all tools, resources and prompts, with one lookup for the three. */
import type { Target } from "../data/call";
import { find } from "./entries";
import type { Prompts } from "./prompts";
import { findResource, type Resources } from "./resources";
import { isToolName, type Tool, type ToolKind, type Tools } from "./tools";

export interface Registry {
  readonly tools: Tools;
  readonly resources?: Resources;
  readonly prompts?: Prompts;
}

/** The part that every entry of the registry has. */
export interface Entry {
  readonly permission: string;
  readonly input?: boolean;
  /** Of a tool. */
  readonly kind?: ToolKind;
}

/** Looks up a tool. One with a name that cannot be shown does not exist for callers. */
export const findTool = (tools: Tools, name: string): Tool | undefined =>
  isToolName(name) ? find(tools, name) : undefined;

/** Looks up the entry that a call names; undefined if there is none. Whether the caller may use it is not checked. */
export const findTarget = (registry: Registry, { kind, name }: Target): Entry | undefined => {
  const { tools, resources = {}, prompts = {} } = registry;
  switch (kind) {
    case "tool":
      return findTool(tools, name);
    case "resource":
      return findResource(resources, name)?.resource;
    case "prompt":
      return find(prompts, name);
  }
};

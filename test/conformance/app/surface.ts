import type { Registry } from "../../../src/registry/registry";
import { prompts } from "./prompts";
import { resources } from "./resources";
import { tools } from "./tools";

export const surface: Registry = { tools, resources, prompts };

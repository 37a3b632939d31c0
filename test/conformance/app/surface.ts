import type { Surface } from "../../../src/registry/surface";
import { prompts } from "./prompts";
import { resources } from "./resources";
import { tools } from "./tools";

export const surface: Surface = { tools, resources, prompts };

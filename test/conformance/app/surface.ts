import type { Surface } from "../../../src/surface";
import { prompts } from "./prompts";
import { resources } from "./resources";
import { tools } from "./tools";

export const surface: Surface = { tools, resources, prompts };

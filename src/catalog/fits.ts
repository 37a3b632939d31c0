/** Asks zod whether a value fits a schema. */
import { z } from "zod";
import type { JsonSchema } from "./jsonSchema";

/** Returns what zod finds wrong; nothing for a schema that zod cannot read, since then only the function itself can tell. */
export const issuesOf = (schema: JsonSchema, value: unknown): readonly z.core.$ZodIssue[] => {
  try {
    return z.fromJSONSchema(schema).safeParse(value).error?.issues ?? [];
  } catch {
    return [];
  }
};

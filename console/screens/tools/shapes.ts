/** A tool as `tools/list` sends it, which is the text that `catalog:list` gives. */
import type { RJSFSchema } from "@rjsf/utils";

/** The keywords that this screen reads; a schema may have any other. */
export interface JsonSchema {
  readonly type?: NonNullable<RJSFSchema["type"]>;
  readonly description?: string;
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: string[];
  readonly items?: JsonSchema;
  readonly anyOf?: JsonSchema[];
  readonly oneOf?: JsonSchema[];
  readonly enum?: NonNullable<RJSFSchema["enum"]>;
  readonly [keyword: string]: unknown;
}

export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

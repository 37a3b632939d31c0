/** Marks the arguments that a header repeats, so that clients send the header (MCP 2026-07-28, `x-mcp-header`). */
import type { Tool } from "../registry/tools";
import type { JsonSchema } from "./jsonSchema";

/** RFC 9110 section 5.6.2 */
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;

const TYPES: readonly unknown[] = ["string", "integer", "boolean"];

const check = (tool: string, argument: string, header: string, property: unknown): void => {
  if (!TOKEN.test(header))
    throw new Error(`Tool ${tool}: "${header}" is no name for a header (RFC 9110 token)`);
  if (!TYPES.includes((property as JsonSchema | undefined)?.type))
    throw new Error(
      `Tool ${tool}: a header can repeat only a string, integer or boolean, not "${argument}"`,
    );
};

/**
 * Adds `x-mcp-header` to the arguments for which the tool's entry states a header.
 *
 * @param name - of the tool, for error messages.
 * @param schema - the tool's `inputSchema`.
 * @throws Error that names the tool if a header is not an RFC 9110 token or is stated twice, or if its argument is missing or not a
 * string, integer or boolean.
 */
export const withParamHeaders = (
  name: string,
  { headers = {} }: Tool,
  schema: JsonSchema,
): JsonSchema => {
  const lower = Object.values(headers).map((header) => header.toLowerCase());
  if (lower.length === 0) return schema;
  if (new Set(lower).size < lower.length)
    throw new Error(`Tool ${name}: a header repeats one argument only`);
  const properties = (schema.properties ?? {}) as JsonSchema;
  const marked = Object.entries(headers).map(([argument, header]) => {
    const property = Object.hasOwn(properties, argument) ? properties[argument] : undefined;
    check(name, argument, header, property);
    return [argument, { ...(property as JsonSchema), "x-mcp-header": header }] as const;
  });
  return { ...schema, properties: { ...properties, ...Object.fromEntries(marked) } };
};

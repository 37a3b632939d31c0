/** Reads what a tool has answered. */
import type { ToolResult } from "./host";

/** What a tool's result says: its value, or why there is none. */
export type Read<T> =
  | { readonly state: "value"; readonly value: T }
  | { readonly state: "failed"; readonly code: string; readonly message: string };

const textOf = ({ content = [] }: ToolResult): string =>
  content
    .map(({ text = "" }) => text)
    .join("\n")
    .trim();

/** The code that a failed tool puts before its message. */
const CODED = /^([a-z_]+): ([^]+)$/;

const failed = (text: string): Read<never> => {
  const [, code = "", message = text] = CODED.exec(text) ?? [];
  return { state: "failed", code, message: message || "The tool failed and did not say why." };
};

const UNASKED =
  "The server asks you to agree, and this app does not show its question here. Ask for it in the conversation.";

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Reads a result.
 *
 * @param isValue - whether what came is what the view can show.
 */
export const readResult = <T>(
  result: ToolResult,
  isValue: (value: object) => value is T & object,
): Read<T> => {
  const text = textOf(result);
  if (result.isError === true) return failed(text);
  if (result.resultType === "input_required") return failed(UNASKED);
  const value = result.structuredContent ?? parsed(text);
  return typeof value === "object" && value !== null && isValue(value)
    ? { state: "value", value }
    : failed(text === "" ? "The result holds nothing that can be shown here." : text);
};

/** Which field of a form gets a large box: long texts. */
import type { UiSchema } from "@rjsf/utils";
import type { JsonSchema } from "./shapes";

/** A text that may be longer than this is written in several lines. */
const LONG = 250;

export const uiOf = ({
  type,
  maxLength,
  enum: choices,
  properties,
  items,
}: JsonSchema): UiSchema => {
  if (properties !== undefined)
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, uiOf(schema)]),
    );
  if (items !== undefined) return { items: uiOf(items) };
  const isLong =
    type === "string" && choices === undefined && typeof maxLength === "number" && maxLength > LONG;
  return isLong ? { "ui:widget": "textarea" } : {};
};

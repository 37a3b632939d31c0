/** What strict JSON says against a text. */
import { parseStrictJson } from "../../src/wire/strictJson";

/** The flaw of a text; undefined if it has none. */
export const flawOf = (text: string): string | undefined => {
  const parsed = parseStrictJson(text);
  return "flaw" in parsed ? parsed.flaw : undefined;
};

export const duplicate = (name: string) => `the member ${JSON.stringify(name)} appears twice`;

export const rounded = (number: string) =>
  `the number ${number} would be rounded. Send it as a string, or with fewer digits`;

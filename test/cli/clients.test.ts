/** What `check` says of named clients, and that the ERP pleases them. */
import { readFileSync } from "node:fs";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import { notesOfClients } from "../../cli/check/clients";
import type { ListedTool } from "../../cli/check/report";
import { estimateTokens } from "../../cli/check/tokens";

const manifest = JSON.parse(
  readFileSync(new URL("../catalog/__snapshots__/manifest.json", import.meta.url), "utf8"),
) as ListedTool[];

const described = { description: "A text." };
const toolOf = (properties: object = {}, more: object = {}): ListedTool => ({
  ...{ name: "notes_get", description: "A note.", annotations: {} },
  inputSchema: { type: "object", properties },
  ...more,
});

test("of the ERP there is nothing to say", () => {
  expect(notesOfClients(manifest)).toEqual([]);
});

test.each<[string, ListedTool, RegExp]>([
  ["a long description", toolOf({}, { description: "x".repeat(201) }), /201.*ChatGPT.*in 200/],
  ["a long name", toolOf({}, { name: "n".repeat(22) }), /n: its name has 22.*claude\.ai.*shorter/],
  ["an argument undescribed", toolOf({ id: { type: "string" } }), /does not describe id\..*line/],
  ["a union at the root", toolOf({}, { inputSchema: { anyOf: [] } }), /anyOf at the root.*Claude/],
  ["patterns as names", toolOf({ a: { ...described, patternProperties: {} } }), /Claude/],
  ["oneOf", toolOf({ a: { ...described, oneOf: [{}] } }), /oneOf.*OpenAI.*anyOf/],
  ["an open object", toolOf({ a: { ...described, type: "object" } }), /any members.*OpenAI/],
  ["const, deep", toolOf({ a: { ...described, items: { const: 1 } } }), /const.*Gemini.*enum/],
  ["an open bound", toolOf({ a: { ...described, exclusiveMinimum: 0 } }), /exclusiveMin.*Gemini/],
  ["types", toolOf({ a: { ...described, type: ["string", "null"] } }), /list of types.*Gemini/],
  ["a format", toolOf({ a: { ...described, format: "email" } }), /format email.*Gemini.*refine/],
])("%s is noted, with tool, client and what to do", (_what, tool, says) => {
  const notes = notesOfClients([toolOf(), tool]);
  expect(notes.join("\n")).toMatch(says);
  expect(notes.every((note) => note.startsWith(tool.name))).toBe(true);
});

test.each([
  ["at the limits", toolOf({}, { name: "n".repeat(21), description: "x".repeat(200) })],
  ["a moment", toolOf({ a: { ...described, format: "date-time" } })],
  ["arguments by the names of keywords", toolOf({ const: described, oneOf: described })],
])("nothing is said of %s", (_what, tool) => {
  expect(notesOfClients([tool], "x".repeat(2_048))).toEqual([]);
});

test("long instructions and long lists are noted", () => {
  expect(notesOfClients([], "x".repeat(2_049))).toEqual([
    expect.stringMatching(/2049 characters, over 2048: Claude Code cuts/),
  ]);
  const [note] = notesOfClients([...manifest, ...manifest]);
  expect(note).toMatch(/^the list comes to some \d,\d{3} tokens, over 5,000: ChatGPT/);
});

test("the estimate is near what the tokenizer counts", () => {
  const texts = manifest.flatMap(({ description, inputSchema, ...rest }) => [
    ...[description, JSON.stringify(inputSchema), JSON.stringify(rest)],
  ]);
  const sum = (count: (text: string) => number) =>
    texts.reduce((total, text) => total + count(text), 0);
  const share = sum(estimateTokens) / sum((text) => countTokens(text));
  expect(share).toBeGreaterThan(0.9);
  expect(share).toBeLessThan(1.15);
});

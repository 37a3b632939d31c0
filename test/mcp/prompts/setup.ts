/** The demo app with its calls counted, and short ways to list and get its prompts. */
import { beforeEach, expect } from "vitest";
import { rpc, type Reply } from "../../support/gate";
import { newCountedBackend, newDemo } from "../../support/demoApp";

export const calls: string[] = [];
export const { t, keys } = await newDemo(newCountedBackend(calls));

beforeEach(() => {
  calls.length = 0;
});

export const list = async (key: string, params: object = {}) =>
  (await rpc(t, key, "prompts/list", params)).json;

export const get = (key: string, name: unknown, args?: unknown, backend = t) =>
  rpc(backend, key, "prompts/get", { name, ...(args === undefined ? {} : { arguments: args }) });

export const textOf = ({ json, text }: Reply): string => {
  const messages = json.result?.messages as { role: string; content: { text: string } }[];
  if (json.error !== undefined) throw new Error(text);
  expect(messages).toEqual([{ role: "user", content: { type: "text", text: expect.any(String) } }]);
  return messages[0]!.content.text;
};

/** The task, and the data of the one fence, found as CommonMark finds it: a closing fence has a line of its own. */
export const partsOf = (text: string): { task: string; data: Record<string, unknown> } => {
  const lines = text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  const fences = lines.flatMap((line, at) => (/^\s*(`{3,}|~{3,})/.test(line) ? [at] : []));
  expect(fences).toHaveLength(2);
  expect(fences[1]).toBe(lines.length - 1);
  expect(lines[fences[0]!]).toBe("```json");
  return {
    task: lines.slice(0, fences[0]).join("\n"),
    data: JSON.parse(lines.slice(fences[0]! + 1, -1).join("\n")),
  };
};

export const euros = (minor: number) => `${(minor / 100).toFixed(2)} EUR`;

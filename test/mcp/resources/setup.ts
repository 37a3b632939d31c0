/** The demo app with its calls counted, and short ways to list and read its resources. */
import { beforeEach } from "vitest";
import { rpc, type Reply } from "../../support/gate";
import { newCountedBackend, newDemo } from "../../support/demoApp";

export const calls: string[] = [];
export const { t, keys } = await newDemo(newCountedBackend(calls));

beforeEach(() => {
  calls.length = 0;
});

export const OVERVIEW = "erp://overview";

export const list = async (key: string, cursor?: unknown) =>
  (await rpc(t, key, "resources/list", cursor === undefined ? {} : { cursor })).json;
export const templates = async (key: string, cursor?: unknown) =>
  (await rpc(t, key, "resources/templates/list", cursor === undefined ? {} : { cursor })).json;
export const read = (key: string, uri: unknown, backend = t) =>
  rpc(backend, key, "resources/read", { uri });

export const textOf = ({ json, text }: Reply): string => {
  const [content] = (json.result?.contents ?? []) as { text: string }[];
  if (content === undefined) throw new Error(`nothing was read: ${text}`);
  return content.text;
};

/** A cell as Markdown shows it. */
const shownAs = (cell: string): string => cell.trim().replace(/\\([!-/:-@[-`{-~])/g, "$1");

/** The cells of each line of the table in a document. */
export const cellsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(shownAs),
    );

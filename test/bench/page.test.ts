/** The page of the benchmarks: its text, and what was measured, in step with each other. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fill, type Results } from "../../bench/lib/page";

const text = readFileSync("bench/page.md", "utf8");
const sections = readdirSync("bench/results").map((file) => file.replace(".json", ""));
const results = Object.fromEntries(
  sections.map((name) => [name, JSON.parse(readFileSync(`bench/results/${name}.json`, "utf8"))]),
) as Results;

test("it says what was measured last", () => {
  expect(readFileSync("docs/benchmarks.md", "utf8")).toBe(fill(text, results));
});

test("all that was measured has a place in it", () => {
  const measured = sections.flatMap((name) =>
    Object.keys(results[name] ?? {}).map((value) => `{{${name}.${value}}}`),
  );
  expect(measured.filter((place) => !text.includes(place))).toEqual([]);
  expect(measured.length).toBeGreaterThan(40);
});

test("each kind of value is shown as its place needs it", () => {
  const values = {
    ...{ count: 1234.5, text: "as it is" },
    rows: [
      ["a", 0.123],
      ["b", 12.34],
    ],
    hit: { shown: "2", met: true },
    failed: { shown: "3", met: false },
  };
  const shown = (name: string) => fill(`{{some.${name}}}`, { some: values });
  expect(Object.keys(values).map(shown)).toEqual([
    ...["1,235", "as it is", "| a | 0.12 |\n| b | 12.3 |"],
    ...["2 | yes", "3 | **missed**"],
  ]);
});

test("what nobody measured is no page", () => {
  expect(() => fill("{{some.thing}}", { some: {} })).toThrow("{{some.thing}}");
  expect(() => fill("{{other.thing}}", {})).toThrow("{{other.thing}}");
});

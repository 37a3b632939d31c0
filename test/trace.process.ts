/** What one `tools/call` runs through stays small and in order, and `npm run trace` tells it. */
import { expect, test } from "vitest";
import { bash, type Ended } from "./support/processes";

/**
 * The most that a good call may run through. `aside`: files of waiting, asking or streaming, which a plain call does not need. `checks`: what the
 * tool's own function runs through besides, to check its arguments and its result; a tenth above what it was on 2026-11-29.
 */
const MOST = {
  products_search: { files: 58, functions: 210, aside: 0, checks: { files: 4, functions: 29 } },
  customers_create: { files: 58, functions: 210, aside: 0, checks: { files: 5, functions: 25 } },
};

const CHECKS = /^src\/(fields\/|base\/formats\.)/;

/** It takes 5 s, and more where other test files run beside this one. */
const PATIENCE_MS = 60_000;

const ASIDE = /^src\/(mcp\/waiting\/|wire\/sse\.|asking\/)/;

/** Some of the files on the way, in the order of a request. `work` does what the tool is for. */
const wayWith = (work: string): string[] => [
  "src/middleware/compose.ts",
  "src/mcp/endpoint.ts",
  "src/mcp/dispatcher.ts",
  "src/mcp/admit.ts",
  "src/gate/admission.ts",
  work,
  "src/mcp/callResult.ts",
  "src/wire/responses.ts",
];

// Not by npm: its own start would be a third of what a refusal takes.
const trace = (args: string): Promise<Ended> => bash(`node --import tsx .ci/trace/main.ts ${args}`);

const read = ({ stdout }: Ended) => {
  const [call, ending, ...rest] = stdout.trimEnd().split("\n");
  const lines = rest.slice(0, -1).map((line) => line.split("  "));
  return {
    ...{ call, ending, total: rest.at(-1) },
    files: lines.map(([file = ""]) => file),
    functions: lines.map(([, names = ""]) => names.split(", ")),
  };
};

test.concurrent.each([
  ["products_search", '{"text":"bolt"}', "src/run/reading.ts"],
  ["customers_create", '{"name":"Ada","email":"ada@example.com"}', "src/gate/execute.ts"],
] as const)(
  "%s",
  async (tool, args, work) => {
    const ended = await trace(`${tool} '${args}'`);
    expect([ended.code, ended.stderr]).toEqual([0, ""]);
    const { call, ending, files, functions, total } = read(ended);
    expect(call).toBe(`${tool} ${args}`);
    expect(ending).toMatch(/^result: /);

    const way = wayWith(work);
    expect(files.filter((file) => way.includes(file))).toEqual(way);
    expect([files[0], files.at(-1)]).toEqual([way[0], way.at(-1)]);
    expect(functions[files.indexOf("src/mcp/endpoint.ts")]?.[0]).toBe("mcp");

    const most = MOST[tool];
    const count = functions.flat().length;
    expect(total).toBe(`${files.length} files, ${count} functions`);
    const checks = files.filter((file) => CHECKS.test(file));
    const checking = checks.flatMap((file) => functions[files.indexOf(file)] ?? []).length;
    expect(checks.length).toBeLessThanOrEqual(most.checks.files);
    expect(checking).toBeLessThanOrEqual(most.checks.functions);
    expect(files.length - checks.length).toBeLessThanOrEqual(most.files);
    expect(count - checking).toBeLessThanOrEqual(most.functions);
    expect(files.filter((file) => ASIDE.test(file)).length).toBeLessThanOrEqual(most.aside);
  },
  PATIENCE_MS,
);

test.concurrent.each([
  ["an unknown tool", "products_burn", 'There is no tool "products_burn". There are: '],
  ["no JSON", "products_search {", "The arguments are no JSON"],
  ["more than a tool and its arguments", "products_search {} {}", "too many arguments"],
])(
  "%s is refused",
  async (_what, args, message) => {
    const { code, stdout, stderr } = await trace(args);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  },
  PATIENCE_MS,
);

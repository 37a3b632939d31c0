/** Comments of an app stay where they are when lines are added to its files. */
import { expect, test } from "vitest";
import { editHttp } from "../../../cli/init/edits";

const edited = (firstLine: string): string[] => {
  const rest = "const http = httpRouter();\nexport default http;\n";
  return (editHttp("http.ts", `${firstLine}\n${rest}`, "toolgate", false) ?? "").split("\n");
};

const IMPORT = 'import { httpRouter } from "convex/server";';

test.each([
  `${IMPORT} // eslint-disable-line import/order`,
  `${IMPORT} /* of Convex */`,
  `${IMPORT}\t`,
  IMPORT,
])("behind the last import: %s", (line) => {
  const [first, second, ...rest] = edited(line);
  expect([first, second]).toEqual([line, expect.stringContaining("toolgate/http")]);
  expect(rest).toContain("registerRoutes(http, httpAction(compose(...chain)(mcp(app))), app);");
});

test("a statement on the line of the last import stays whole", () => {
  const lines = edited(`${IMPORT} const other = {\n  a: 1,\n};`);
  const at = lines.findIndex((line) => line.endsWith("const other = {"));
  expect(lines.slice(at, at + 3)).toEqual([expect.any(String), "  a: 1,", "};"]);
  expect(lines.indexOf(IMPORT)).toBe(0);
});

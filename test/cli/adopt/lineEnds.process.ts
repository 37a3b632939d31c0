/** The line ends of what the commands add to files of an app. */
import { expect, test } from "vitest";
import { toolgate } from "./command";
import { filesOf, newProject } from "./project";

test("in files with Windows line ends, every line that is added has them too", async () => {
  const texts = {
    "convex/tasks.ts": `import { query } from "./_generated/server";
export const get = query({ args: {}, handler: () => null });
`,
    "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
export default defineSchema({
\ttasks: defineTable({})
});
`,
    "convex/http.ts": `import { httpRouter } from "convex/server";
const http = httpRouter();
const other = {
\ta: 1,
};
export default http;
`,
    "convex/crons.ts": `import { cronJobs } from "convex/server";
const crons = cronJobs(); // of the night
export default crons;
`,
  };
  const app = await newProject(
    Object.fromEntries(
      Object.entries(texts).map(([file, text]) => [file, text.replaceAll("\n", "\r\n")]),
    ),
  );
  expect((await toolgate(app, "init", "--yes")).code).toBe(0);
  expect((await toolgate(app, "add", "tasks:get", "--yes")).code).toBe(0);
  const files = Object.entries(await filesOf(app)).filter(([file]) => file.endsWith(".ts"));
  expect(files).toHaveLength(12);
  for (const [file, text] of files) {
    const lines = text.split("\r\n");
    expect([file, lines.filter((line) => /[\r\n]/.test(line))]).toEqual([file, []]);
  }
  const { "convex/http.ts": http, "convex/schema.ts": schema } = Object.fromEntries(files);
  expect(http).toContain("};\r\n\r\nregisterRoutes(");
  expect(schema).toContain("\ttasks: defineTable({}),\r\n\t...toolgateTables,\r\n});");
  expect((await toolgate(app, "check")).stdout).toContain("tools/list has 1 tool;");
});

/** `toolgate directories` as a command: what it prints, and how it ends. */
import { describe, expect, test, vi } from "vitest";
import { app } from "../../../convex/toolgate/tools";
import { RULES } from "../../../cli/directories/judge";
import { PATHS } from "../../../cli/directories/seen";
import { command } from "../command";
import { found, key, ORIGIN } from "./found";
import { gone, inAnnotations } from "./plant";

describe("the command", () => {
  const run = async (...line: string[]) => {
    const { code, stdout, stderr } = await command(["directories", ...line]);
    return [code, stdout + stderr] as const;
  };
  const URL_OF = `${ORIGIN}/mcp`;

  test("counts what it has held against the rules", async () => {
    await found();
    const count = Object.keys(app.tools).length;
    const counted = `${String(count)} tools, ${RULES.length} rules: 0 refused, 0 advice\n`;
    expect(await run(URL_OF, "--key", key)).toEqual([0, counted]);
    expect(await run(URL_OF, "--key", key, "--json")).toEqual([0, "[]\n"]);
  });

  test("says what to do, and ends with 1 if something would be refused", async () => {
    await found({ change: inAnnotations({ openWorldHint: undefined }) });
    const [code, told] = await run(URL_OF, "--key", key);
    expect(code).toBe(1);
    expect(told).toContain("refused OpenAI: customers_search: it does not say openWorldHint\n");
    expect(told).toContain(`${RULES.length} rules: 1 refused, 0 advice`);
    await found({ change: gone(PATHS.favicon) });
    expect(await run(URL_OF, "--key", key)).toEqual([0, expect.stringContaining("1 advice")]);
  });

  test("needs a key, and says who tells why one is refused", async () => {
    vi.stubEnv("TOOLGATE_KEY", "");
    expect(await run(URL_OF)).toEqual([2, expect.stringContaining("Give a key in TOOLGATE_KEY")]);
    for (const wrong of ["sk-anything", key.replace(/.$/, (end) => (end === "A" ? "B" : "A"))])
      expect(await run(URL_OF, "--key", wrong)).toEqual([
        1,
        expect.stringContaining('`npx toolgate doctor` says why, in its line "key"'),
      ]);
  });
});

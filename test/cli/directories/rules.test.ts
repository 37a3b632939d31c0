/** `toolgate directories`: quiet on the ERP, and each planted fault found by the rule that is for it, and by no other. */
import { describe, expect, test, vi } from "vitest";
import { RULES } from "../../../cli/directories/judge";
import { found } from "./found";
import type { Change } from "./plant";
import { plants } from "./plants";

test("nothing is said of the ERP", async () => {
  expect(await found()).toEqual([]);
});

describe("each fault is found", () => {
  test.each(Object.entries(plants))("%s", async (_fault, [rules, plant]) => {
    const names = (await found(plant)).map(({ name }) => name);
    expect([...new Set(names)]).toEqual(expect.arrayContaining([...rules]));
    expect(new Set(names)).toEqual(new Set(rules));
  });

  test("a first answer that comes too late", async () => {
    vi.spyOn(performance, "now").mockImplementation(() => Date.now() * 4);
    const late: Change = async (asked, answer) => {
      if (asked === "initialize") await new Promise((resolve) => setTimeout(resolve, 2_600));
      return answer;
    };
    expect((await found({ change: late })).map(({ name }) => name)).toEqual(["time"]);
    vi.restoreAllMocks();
  });

  test("by every rule there is", () => {
    const planted = new Set(["time", ...Object.values(plants).flatMap(([rules]) => rules)]);
    expect([...planted].sort()).toEqual(RULES.map(({ name }) => name).sort());
  });
});

/** The overview of the console: what was called, and how it ended. */
import { describe, expect, test } from "vitest";
import { operator, main } from "./traffic";

describe("the overview", () => {
  test("counts what was called, by how it ended, and names the tool that fails", async () => {
    const { page, go } = operator;
    await go("/");
    await main().getByText("Calls a minute").waitFor();
    const figures = await main().innerText();
    expect(figures).toMatch(/Calls\s+6\s/);
    expect(figures).toMatch(/Failed\s+17 %\s+1\s/);
    expect(figures).toMatch(/Denied\s+17 %\s+1\s/);
    expect(figures).toMatch(/Went well\s*4/);
    const tools = page.getByRole("table", { name: /^Tools/ }).locator("tbody tr");
    expect(await tools.first().innerText()).toMatch(/orders_cancel\s+1\s+100 %/);
    await page.getByText("As a table").click();
    const counts = page.getByRole("region", { name: "Calls by time" }).locator("tbody tr");
    expect(await counts.count()).toBe(60);
    const lines = await counts.allInnerTexts();
    expect(lines.filter((line) => /\s4\s+0\s+0\s+1\s+1\s/.test(line))).toHaveLength(1);
  });

  test("is of a day or a week if asked, which the address keeps", async () => {
    const { page, go } = operator;
    await go("/");
    await page.getByText("Week", { exact: true }).click();
    await page.waitForURL(/span=week/);
    await page.reload();
    await page.getByText("As a table").click();
    const counts = page.getByRole("region", { name: "Calls by time" }).locator("tbody tr");
    await expect.poll(() => counts.count()).toBe(168);
  });
});

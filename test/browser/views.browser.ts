/** The views of the ERP: what they show of an order, what its buttons do, and that they follow the client. */
import type { CallToolResult, ElicitResult } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { connectClient } from "./host/host";
import { app, client, show, newOrder, readOrder, euros, failed } from "./orderViews";

describe("an order", () => {
  test("shows its lines, total, state and customer, and asks before it confirms", async () => {
    const order = await newOrder();
    const { view, told } = await show("orders_get", { orderId: order.id });
    expect(await view.getByRole("heading", { level: 1 }).textContent()).toBe(
      `Order ${order.number}`,
    );
    expect(await view.locator("main").textContent()).toContain(euros(order.totalMinor));
    expect(await view.getByRole("row").count()).toBe(3);
    expect(await view.locator(".chip").textContent()).toBe("State: draft");

    await view.getByRole("button", { name: "Confirm order" }).click();
    expect((await readOrder(order.id)).status).toBe("draft");
    await view.getByRole("button", { name: `Confirm for ${euros(order.totalMinor)}` }).click();
    await view.getByRole("status").getByText("is confirmed").waitFor();
    expect(await view.locator(".chip").textContent()).toBe("State: confirmed");
    expect((await readOrder(order.id)).status).toBe("confirmed");
    expect(told.join()).toContain(`Order ${order.number} is confirmed`);
    expect(await view.getByRole("button").allTextContents()).toEqual(["Cancel order"]);
  });

  test("is cancelled with a reason, by a client that cannot ask", async () => {
    const order = await newOrder();
    const { view } = await show("orders_get", { orderId: order.id });
    await view.getByRole("button", { name: "Cancel order" }).click();
    await view.getByRole("button", { name: "Cancel for good" }).click();
    expect((await readOrder(order.id)).status).toBe("draft");
    await view.getByLabel("Why?").fill("  Ordered twice ");
    await view.getByRole("button", { name: "Cancel for good" }).click();
    await view.getByText("Ordered twice").waitFor();
    expect(await view.getByRole("button").count()).toBe(0);
    expect(await readOrder(order.id)).toMatchObject({
      status: "cancelled",
      cancelReason: "Ordered twice",
    });
  });

  test.each<[string, ElicitResult, string, string]>([
    ["agrees", { action: "accept", content: { agree: true } }, "is cancelled", "cancelled"],
    ["declines", { action: "decline" }, "did not agree", "draft"],
  ])("asks by the client, and the person %s", async (_what, answer, words, status) => {
    let asked = 0;
    const asking = await connectClient(app.url, app.key("sales"), () => {
      asked += 1;
      return answer;
    });
    const order = await newOrder();
    const { view } = await show("orders_get", { orderId: order.id }, { client: asking });
    await view.getByRole("button", { name: "Cancel order" }).click();
    await view.getByLabel("Why?").fill("Too late");
    await view.getByLabel("Why?").press("Enter");
    await view.getByText(words).waitFor();
    expect([asked, (await readOrder(order.id)).status]).toEqual([1, status]);
    await asking.close();
  });

  test("whose stock does not suffice says so and stays as it is", async () => {
    const order = await newOrder(1, 10_000);
    const { view, told } = await show("orders_get", { orderId: order.id });
    await view.getByRole("button", { name: "Confirm order" }).click();
    await view.getByRole("button", { name: /^Confirm for/ }).click();
    expect(await view.getByRole("alert").textContent()).toContain("on hand");
    expect(await view.locator(".chip").textContent()).toBe("State: draft");
    expect(told).toEqual([]);
    // The order is read again before the step ends.
    await view.getByRole("button", { name: "Confirm order" }).waitFor();
    expect(await view.getByRole("button").allTextContents()).toEqual([
      "Confirm order",
      "Cancel order",
    ]);
  });

  test("whose prices have changed is confirmed for the new total only after another press", async () => {
    const order = await newOrder();
    const asked: unknown[] = [];
    const answers: (() => Promise<CallToolResult>)[] = [
      async () =>
        failed(
          `total_changed: Order ${order.number} comes to 999.00 EUR at current prices, not to 0.01 EUR. Confirm again with expectedTotalMinor 99900.`,
        ),
      async () => client.callTool({ name: "orders_get", arguments: { orderId: order.id } }),
      async () => ({ content: [], structuredContent: { ...order, status: "confirmed" } }),
    ];
    const { view } = await show(
      "orders_get",
      { orderId: order.id },
      {
        callTool: (_name, { expectedTotalMinor }) => {
          asked.push(expectedTotalMinor);
          return answers.shift()!();
        },
      },
    );
    await view.getByRole("button", { name: "Confirm order" }).click();
    await view.getByRole("button", { name: /^Confirm for/ }).click();
    expect(await view.getByRole("alert").textContent()).toContain("now comes to €999.00");
    await view.getByRole("button", { name: "Confirm for €999.00" }).click();
    await view.getByText("is confirmed").waitFor();
    expect(asked).toEqual([order.totalMinor, undefined, 99_900]);
  });

  test("whose answer is lost is told so, and pressing again is the same call", async () => {
    const order = await newOrder();
    const keys: unknown[] = [];
    const { view } = await show(
      "orders_get",
      { orderId: order.id },
      {
        callTool: async (name, args) => {
          if (name === "orders_confirm") keys.push(args.idempotencyKey);
          if (keys.length === 1) throw new Error("The connection broke");
          return client.callTool({ name, arguments: args });
        },
      },
    );
    await view.getByRole("button", { name: "Confirm order" }).click();
    const again = view.getByRole("button", { name: /^Confirm for/ });
    await again.click();
    expect(await view.getByRole("alert").textContent()).toContain("The connection broke");
    await again.click();
    await view.getByText("is confirmed").waitFor();
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  test("can be confirmed by the keyboard alone, and focus goes where things happen", async () => {
    const order = await newOrder(3);
    const { view, page } = await show("orders_get", { orderId: order.id });
    const focused = () => view.locator(":focus").textContent();
    await view.getByRole("button", { name: "Confirm order" }).focus();
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("Confirm this order?");
    await page.keyboard.press("Escape");
    expect(await view.getByRole("button", { name: /^Confirm for/ }).count()).toBe(0);
    expect(await focused()).toBe("Confirm order");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await view.getByText("is confirmed").waitFor();
    expect(await focused()).toContain("is confirmed");
  });

  test("has no buttons where the client lets views call no tools", async () => {
    const order = await newOrder();
    const { view } = await show("orders_get", { orderId: order.id }, { capabilities: {} });
    await view.getByRole("heading", { level: 1 }).waitFor();
    expect(await view.getByRole("button").count()).toBe(0);
  });
});

test("a view takes the client's colours, language and height, and follows when they change", async () => {
  const order = await newOrder(12);
  const { frame, view, page } = await show(
    "orders_get",
    { orderId: order.id },
    {
      context: {
        ...{ theme: "dark", locale: "de-DE", containerDimensions: { maxHeight: 300 } },
        styles: { variables: { "--color-background-primary": "light-dark(#fff, #010203)" } },
      },
    },
  );
  await view.getByRole("heading", { level: 1 }).waitFor();
  const look = () =>
    frame.evaluate(() => [
      getComputedStyle(document.body).backgroundColor,
      document.querySelector("main")!.getBoundingClientRect().height,
    ]);
  expect(await look()).toEqual(["rgb(1, 2, 3)", 300]);
  expect(await page.locator("iframe").evaluate(({ style }) => style.height)).toBe("300px");
  expect(await view.locator(".sums").textContent()).toMatch(/\d,\d\d\s€$/);
  await page.evaluate(() => {
    window.bridge?.setHostContext({ theme: "light" });
  });
  await view.locator(':root[style*="light;"]').waitFor({ state: "attached" });
  expect(await look()).toEqual(["rgb(255, 255, 255)", 300]);
});

/** What is checked before anybody is asked: a call that could not run is refused at once. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { accept, modern } from "../../support/askingApp";
import { shop } from "../freshShop";
import { bought, call, held, newest, waiting } from "../setup";
import { says } from "../setup";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

describe("before anybody is asked", () => {
  test.each([
    ["buy", { thing: 1 }, "invalid_arguments: thing"],
    ["slow", { count: "many" }, "invalid_arguments: count"],
    ["look", { thing: 1, count: undefined }, "invalid_arguments: thing"],
    ["slow", { thing: "nothing" }, "nothing: Name a thing."],
    ["slow", { idempotencyKey: "short" }, "invalid_arguments: "],
    ["always", { note: "x".repeat(17_000) }, "too_long_to_approve: "],
    ["always", { principal: { subject: "boss" } }, "invalid_arguments: principal"],
  ])("%s of %j is refused at once", async (name, args, text) => {
    const answer = await call(shop, name, args);
    expect([answer.isError, says(answer)]).toEqual([true, expect.stringContaining(text)]);
    expect(await waiting(shop.t)).toEqual([]);
  });

  test.each([
    ["refuse", "sold_out: Gone."],
    ["break", "Nothing was done."],
    ["misfit", "Nothing was done."],
  ] as const)(
    "a mutation that would %s does so at once, and leaves nothing",
    async (then, text) => {
      const { t, script } = shop;
      script.then = then;
      const answer = await call(shop, "always");
      expect([answer.isError, says(answer)]).toEqual([true, expect.stringContaining(text)]);
      expect(says(answer)).not.toContain("secret");
      expect([await waiting(t), await bought(t)]).toEqual([[], []]);
    },
  );

  test.each([
    ["refuse", "no_such: No such."],
    ["break", "internal"],
    ["mumble", "internal"],
    ["ramble", "internal"],
  ] as const)("a rule that does %s: the call neither runs nor waits", async (rule, text) => {
    const { t, script } = shop;
    script.rule = rule;
    const answer = await call(shop, "buy", { count: 1 });
    expect([answer.isError, says(answer)]).toEqual([true, expect.stringContaining(text)]);
    expect(says(answer)).not.toContain("secret");
    expect([await waiting(t), await bought(t)]).toEqual([[], []]);
  });

  test("no call runs with other arguments than its rule was asked about", async () => {
    const { t } = shop;
    await held(shop, "loose");
    const answer = await call(shop, "loose", { count: "20" });
    expect(says(answer)).toMatch(/^invalid_arguments: count: expected number/);
    expect(await bought(t)).toEqual([]);
    expect((await call(shop, "loose", { count: 1 })).structuredContent).toEqual({ paid: 10 });
  });

  test("arguments that are mended wait as they will run", async () => {
    await held(shop, "always", { note: null });
    expect(JSON.parse((await newest(shop.t)).arguments!)).toEqual({ thing: "desk", count: 20 });
  });

  test("a tool that asks the user asks first, and the answers wait with the call; they count once", async () => {
    const { t, key } = shop;
    const asking = { name: "asks", arguments: { thing: "lamp" } };
    const can = { elicitation: {} };
    const asked = (await modern(t, key, "tools/call", asking, can)).json.result ?? {};
    expect([asked.resultType, await waiting(t)]).toEqual(["input_required", []]);
    const answered = {
      ...{ ...asking, requestState: asked.requestState },
      inputResponses: { who: accept({ name: "Ada" }) },
    };
    await modern(t, key, "tools/call", answered, can);
    const [one] = await waiting(t);
    expect(JSON.parse((await newest(t)).input!.answers)).toMatchObject({
      who: { response: accept({ name: "Ada" }) },
    });
    await t.mutation(internal.toolgate.jobs.cancel, {
      jobId: one!.jobId,
      principal: { tenant: "acme", subject: "agent", role: "admin", keyId: shop.keyId },
    });
    const again = (await modern(t, key, "tools/call", answered, can)).json.result;
    expect(JSON.stringify(again)).toContain("state_used");
  });
});

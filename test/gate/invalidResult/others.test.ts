/** A query or an action that returns what its own `returns` refuses: it fails, and what it has done is told. */
import { expect, test } from "vitest";
import { attempt } from "../../../src/run/attempt";
import { rows, rpc, withoutOperation } from "../../support/gate";
import { call, effects, key, recorded, REFUSED, t } from "./app";

test("a query fails, for tools and resources", async () => {
  const { isError, content } = await call("read", 7);
  expect(isError).toBe(true);
  expect(content[0]!.text).toMatch(REFUSED);
  const { json } = await rpc(t, key, "resources/read", { uri: "probe://7" });
  expect(json.error).toMatchObject({
    code: -32603,
    message: expect.stringMatching(/^The result /),
  });
});

test("an action keeps what it has done, so its outcome is unknown and its key does not run it again", async () => {
  const once = { idempotencyKey: "action-12345" };
  const first = await call("run", 7, once);
  expect(first.content[0]!.text).toMatch(
    /^outcome_unknown: The result does not match .* It may have done part of its work: read the data/,
  );
  expect(withoutOperation(await call("run", 7, once))).toEqual(withoutOperation(first));
  expect(await effects()).toBe(1);
  expect(await recorded()).toContainEqual(["unknown", "invalid_result"]);
});

test("an action whose precheck is refused does not start", async () => {
  expect((await call("checked", 7)).content[0]!.text).toMatch(REFUSED);
  expect(await rows(t, "toolgateJobs")).toEqual([]);
});

test("a result without a form in JSON is refused too", async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const outcome = await attempt(
    () => Promise.resolve(circle),
    () => Promise.resolve({ problems: [] }),
  );
  expect(outcome).toMatchObject({ state: "failed", code: "invalid_result" });
});

/** What Convex refuses while a request gives its place back: it is tried again, or the place would be taken for minutes. */
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { rows } from "../support/gate";
import { breakEachTest, breakFirst, type Fault } from "../support/injector";
import { newStated } from "../support/statedApp";
import { ask, open, responseOf, until } from "../support/streamClient";

vi.mock("../../src/runner/runner", async (original) =>
  (await import("../support/injector")).between(await original()),
);

process.env.TOOLGATE_LIMIT_SCALE = "100000";

breakEachTest();

let app: Awaited<ReturnType<typeof newStated>>;

beforeAll(async () => {
  app = await newStated();
});

const leases = () => rows(app.t, "toolgateStreamLeases");

afterEach(async () => {
  await app.t.run(async ({ db }) => {
    for (const { _id } of await db.query("toolgateStreamLeases").collect()) await db.delete(_id);
  });
});

describe.each<Fault>(["conflict", "writes", "slot", "lost", "thrown"])("%s", (fault) => {
  test("a call of a long tool leaves no lease behind", async () => {
    breakFirst("toolgate/jobs:renewLease", fault, 4);
    const heard = await (await open(app.t, app.keys.ann, "later")).ended;
    expect(responseOf(heard).result).toMatchObject({ structuredContent: { result: "done " } });
    expect(await leases()).toEqual([]);
  });

  test("nor does a stream of changes whose client has left", async () => {
    const leaving = new AbortController();
    const heard = await ask(
      ...([app.t, app.keys.ann, "subscriptions/listen", { notifications: {} }] as const),
      { era: "modern", signal: leaving.signal },
    );
    await until(() => heard.messages.length > 0);
    expect(await leases()).toHaveLength(1);
    breakFirst("toolgate/jobs:renewLease", fault, 4);
    leaving.abort();
    await until(async () => (await leases()).length === 0);
  });
});

test("if it cannot be given back, the answer comes all the same, and the failure is logged", async () => {
  breakFirst("toolgate/jobs:renewLease", "writes", 5);
  const heard = await (await open(app.t, app.keys.ann, "later")).ended;
  expect(responseOf(heard).result).toMatchObject({ structuredContent: { result: "done " } });
  expect(console.error).toHaveBeenCalled();
  expect(await leases()).toHaveLength(1);
});

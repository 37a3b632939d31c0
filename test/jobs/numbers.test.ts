/** A tool that reports its progress in numbers that JSON does not have: its job can be read all the same. */
import { expect, test } from "vitest";
import { issueKey } from "../support/gate";
import { newApp, theJob } from "../support/longApp";
import { call, open, until } from "../support/streamClient";

const cases: [string, number, number | undefined, object | undefined][] = [
  ["NaN, as 0 of 0 rows", NaN, 1, undefined],
  ["Infinity", Infinity, undefined, undefined],
  ["a total without end", 1, Infinity, { done: 1, message: "half" }],
  ["a total that is NaN", 1, NaN, { done: 1, message: "half" }],
];

test.each(cases)("%s", async (_what, done, total, progress) => {
  const t = await newApp(async (job) => {
    await job.progress(done, total, "half");
    return "done";
  });
  const { key } = await issueKey(t);
  const { messages } = await (await open(t, key, "slow")).ended;
  const told = messages.filter(({ method }) => method === "notifications/progress");
  expect(told.map(({ params }) => (params as { progress: unknown }).progress)).not.toContain(null);
  await until(async () => (await theJob(t)).state === "succeeded");
  const { jobId, progress: kept } = await theJob(t);
  expect(kept).toEqual(progress);
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({ state: "succeeded", result: "done" });
});

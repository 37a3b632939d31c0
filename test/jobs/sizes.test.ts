/** How long arguments and results may be, and that a job with the longest fits its row. */
import { expect, test } from "vitest";
import { issueKey, rows } from "../support/gate";
import { newApp, noWorker, theJob } from "../support/longApp";
import { call, start } from "../support/streamClient";
import { never, endOf } from "./setup";

test("a result over 256 KiB is left out, and that is said", async () => {
  const t = await newApp(async () => "x".repeat(256 * 1024 - 1));
  const { key } = await issueKey(t);
  const result = await call(t, key, "slow");
  expect(result.content[0]!.text).toMatch(
    /^Done and recorded, but the result is more than 256 KiB/,
  );
  expect(result.isError).toBe(true);
  const job = await theJob(t);
  expect(job.state).toBe("succeeded");
  expect(job).not.toHaveProperty("result");
  expect(await endOf(t, job)).toMatchObject({ outcome: "succeeded" });
});

test("jobs_get says that a result was left out", async () => {
  const t = await newApp(async () => "x".repeat(256 * 1024));
  const { key } = await issueKey(t);
  await call(t, key, "slow");
  const { jobId } = await theJob(t);
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({ state: "succeeded" });
  expect(Object.keys(structuredContent!).sort()).not.toEqual(
    ["createdAt", "jobId", "state", "tool", "updatedAt"].sort(),
  );
});

test("a result over 48,000 characters is kept, and not sent unless the line says so", async () => {
  const t = await newApp(async () => "x".repeat(60_000));
  const { key } = await issueKey(t);
  const result = await call(t, key, "scarce");
  expect(result.content[0]!.text).toMatch(
    /^Done and recorded, but the result is 60,013 characters, /,
  );
  const { jobId, result: kept } = await theJob(t);
  expect(kept).toHaveLength(60_002);
  const { structuredContent } = await call(t, key, "jobs_get", { jobId });
  expect(structuredContent).toMatchObject({ state: "succeeded", resultOmitted: true });
});

test("a result of 256 KiB is kept, and sent if it is no longer with what is around it", async () => {
  const text = "x".repeat(256 * 1024 - 2);
  const t = await newApp(async (_job, label) => text.slice(label.length));
  const { key } = await issueKey(t);
  expect((await call(t, key, "slow")).isError).toBe(true);
  expect((await theJob(t)).result).toBe(JSON.stringify(text));
  const sent = await call(t, key, "slow", { label: '{"result":}' });
  expect(sent.structuredContent).toEqual({ result: text.slice(11) });
});

const MAX_ARGUMENTS = 900 * 1024;
const around = JSON.stringify({ label: "" }).length;

test.each([
  ["by one byte", "x".repeat(MAX_ARGUMENTS - around + 1)],
  ["in bytes, not in characters", "é".repeat((MAX_ARGUMENTS - around) / 2 + 1)],
])("arguments that are too long %s are refused before there is a job", async (_name, label) => {
  const t = await newApp(never);
  const { key } = await issueKey(t);
  const result = await call(t, key, "slow", { label });
  expect(result).toMatchObject({ isError: true });
  expect(result.content[0]!.text).toMatch(
    /^invalid_arguments: The arguments have more than 900 KB/,
  );
  expect(await rows(t, "toolgateJobs")).toEqual([]);
  expect(await rows(t, "toolgateStreamLeases")).toEqual([]);
});

test("900 KB of arguments are not too long", async () => {
  const t = await newApp(async (_job, label) => label.length);
  const { key } = await issueKey(t);
  const label = "x".repeat(MAX_ARGUMENTS - around);
  expect((await call(t, key, "slow", { label })).structuredContent).toEqual({
    result: label.length,
  });
});

const MAX_DOCUMENT = 1024 * 1024;

// convex-test does not check the size of a document.
test("a job with the longest arguments and result fits a row of Convex", async () => {
  // A result of as many bytes as characters allow, if they were what is counted.
  const t = await newApp(async () => "é".repeat(127 * 1024));
  const { key } = await issueKey(t);
  const label = "x".repeat(MAX_ARGUMENTS - around);
  const sizeOf = (job: object) => new TextEncoder().encode(JSON.stringify(job)).length;
  await call(t, key, "slow", { label });
  const job = await theJob(t);
  expect(job.state).toBe("succeeded");
  expect(job.result).toBeDefined();
  expect(sizeOf(job)).toBeLessThan(MAX_DOCUMENT);
  const waiting = await newApp(never, { worker: noWorker });
  await start(waiting, (await issueKey(waiting)).key, "slow", { label });
  expect(sizeOf(await theJob(waiting))).toBeLessThan(MAX_DOCUMENT);
});

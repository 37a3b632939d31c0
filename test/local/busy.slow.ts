/** Four imports of 1,000 lines to their end. Slow because convex-test reads a table to find a row. */
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFolder, removeFolder, startJson, stopAll } from "../support/processes";
import { ask, type Answer, LINES, listAgainAndAgain, pidIn, startImports, workOf } from "./rush";

type Server = Awaited<ReturnType<typeof startJson>>;

let folder: string;

beforeAll(async () => {
  folder = await newFolder();
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

/** The report of an import. A call that would wait for longer than 50 s is answered with its job. */
const reportOf = async (server: Server, response: Response): Promise<unknown> => {
  const [told = "{}"] = /(?<=^data: ).*"result".*$/m.exec(await response.text()) ?? [];
  const { structuredContent } = (JSON.parse(told) as { result: Answer }).result;
  const { jobId } = structuredContent;
  let job = structuredContent;
  while (jobId !== undefined && job.result === undefined) {
    if (job.state === "failed" || job.state === "unknown") throw new Error(JSON.stringify(job));
    await setTimeout(500);
    job = await ask(server, "jobs_get", { jobId });
  }
  return jobId === undefined ? job : job.result;
};

test("another tenant gets its tools within a second, all along", async () => {
  const server = await startJson(folder, { TOOLGATE_LIMIT_SCALE: "1000000" });
  let left = 1;
  await listAgainAndAgain(server, () => left-- > 0);
  let areOver = false;
  const finished = Promise.all(
    startImports(server).map(async (response) => reportOf(server, await response)),
  ).finally(() => (areOver = true));
  const startedAt = performance.now();
  const worked = workOf(await pidIn(folder));
  const before = worked();
  const times = await listAgainAndAgain(server, () => !areOver, worked);
  const reports = await finished;
  console.info(
    `4 imports of ${LINES} lines: ${((performance.now() - startedAt) / 1000).toFixed(0)} s, ` +
      `${((worked() - before) / 1000).toFixed(0)} s of work, ` +
      `tools/list ${times.length} times, at most ${Math.max(...times).toFixed(0)} ms`,
  );
  for (const report of reports) expect(report).toMatchObject({ imported: LINES, failed: 0 });
  expect(Math.max(...times)).toBeLessThan(1_000);
});

/** The lists of calls that wait and of those that are settled. */
import { beforeEach, expect, test, vi } from "vitest";
import { internal } from "../../../convex/_generated/api";
import { callTool, issueKey } from "../../support/gate";
import { decide } from "../decisions";
import { shop } from "../freshShop";
import { held } from "../setup";

const { admin } = internal.toolgate;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

test("lists show those that wait, oldest first, and those that are settled, newest first, by tenant and by page", async () => {
  const { t, key } = shop;
  const globex = await issueKey(t, { tenant: "globex", subject: "agent" });
  const jobs = [];
  for (const count of [1, 2, 3]) jobs.push((await held(shop, "always", { count })).jobId);
  const other = await held({ t, key: globex.key }, "always");
  const list = async (more: object) => {
    const { approvals, nextCursor } = await t.query(admin.listApprovals, {
      state: "waiting",
      ...more,
    });
    return [approvals.map(({ jobId }) => jobId), nextCursor] as const;
  };
  expect(await list({})).toEqual([[...jobs, other.jobId], null]);
  expect(await list({ tenant: "acme" })).toEqual([jobs, null]);
  const [first, cursor] = await list({ limit: 1 });
  expect([first, (await list({ limit: 2, cursor }))[0]]).toEqual([[jobs[0]], [jobs[1], jobs[2]]]);
  await decide(t, jobs[1]!, "deny");
  await decide(t, other.jobId, "approve");
  await callTool(t, key, "jobs_cancel", { jobId: jobs[0] });
  const settled = [jobs[0], other.jobId, jobs[1]];
  expect((await list({ state: "decided" }))[0]).toEqual(settled);
  expect((await list({ state: "decided", tenant: "globex" }))[0]).toEqual([other.jobId]);
  expect((await list({}))[0]).toEqual([jobs[2]]);
});

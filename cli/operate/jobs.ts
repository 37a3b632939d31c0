/** `toolgate jobs`: shows and cancels long calls, whoever made them. */
import { Command } from "commander";
import type { JobInfo } from "../../src/operate/jobInfo";
import { count, DEFAULT_LIMIT, given, readAll } from "./options";
import { note, show, tenantTable } from "./print";
import { targetOf, withTarget, type TargetOptions } from "./target";

const stateOf = ({ state, isStopping }: JobInfo): string =>
  isStopping ? `${state}, is asked to stop` : state;

/** How far it is, or why it has failed. */
const aboutOf = ({ progress, failure }: JobInfo): string => {
  if (failure !== undefined) return failure.code;
  if (progress === undefined) return "";
  const { done, total } = progress;
  return total === undefined ? String(done) : `${String(done)} of ${String(total)}`;
};

const tookOf = ({ ms }: JobInfo): string => (ms === undefined ? "" : `${(ms / 1000).toFixed(1)} s`);

const jobTable = (jobs: readonly JobInfo[]): string =>
  tenantTable(
    ["jobId", "state", "begun", "tenant", "subject", "key", "took", "progress", "tool"],
    jobs.map((job) => [
      ...[job.jobId, stateOf(job), job.createdAt, job.tenant, job.subject, job.keyId],
      ...[tookOf(job), aboutOf(job), job.tool],
    ]),
  );

interface Filter {
  readonly ended?: boolean;
  readonly tenant?: string;
  readonly limit: number;
}

const listJobs = new Command("list")
  .description("Long calls that run, newest first, or those that have ended: two days of them.")
  .option("--ended", "those that have ended")
  .option("--tenant <slug>")
  .option("--limit <count>", "how many at most", count, DEFAULT_LIMIT)
  .action(async ({ ended, tenant, limit, ...options }: Filter & TargetOptions) => {
    const run = await targetOf(options);
    const args = given({ state: ended === true ? "ended" : "running", tenant });
    const call = { name: "admin:listJobs", rows: "jobs", args } as const;
    const page = await readAll<JobInfo, "jobs">(run, call, limit);
    show(page, options.json, ({ jobs }) => jobTable(jobs));
    if (page.nextCursor !== null) note("There are more: raise --limit.");
  });

const cancel = new Command("cancel")
  .description("End a long call. One that runs stops at its next report; what it did stays.")
  .argument("<jobId>")
  .option("--reason <text>", "for the audit log")
  .action(async (jobId: string, { reason, ...options }: TargetOptions & { reason?: string }) => {
    const run = await targetOf(options);
    const job = await run<JobInfo>("admin:cancelJobById", given({ jobId, reason }));
    show(job, options.json, () => jobTable([job]));
  });

const EXAMPLES = `
Examples:
  npx toolgate jobs list --local
  npx toolgate jobs list --ended --tenant acme --limit 20 --prod
  npx toolgate jobs cancel <jobId> --reason "wrong file"`;

/** Adds `jobs` and its verbs. */
export const addJobs = (program: Command): void => {
  const jobs = program.command("jobs").description("Long calls").addHelpText("after", EXAMPLES);
  for (const verb of [listJobs, cancel]) {
    jobs.addCommand(withTarget(verb.copyInheritedSettings(jobs)));
  }
};

/** What earlier versions wrote is still read: their rows fit the schema, and what their clients hold still works. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { internal } from "../../convex/_generated/api";
import type { TableNames } from "../../convex/_generated/dataModel";
import { refresh } from "../support/connect";
import { callTool, dump, listTools, type Backend } from "../support/gate";
import { indexes, newDeployment, REPEATED, type Held } from "./life";

interface Recorded {
  readonly version: string;
  readonly at: number;
  readonly held: Held;
  readonly indexes: ReturnType<typeof indexes>;
  readonly rows: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

const folder = path.join(import.meta.dirname, "rows");

const versions = readdirSync(folder).map(
  (file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Recorded,
);

/** Writes the rows as a push of the new schema finds them; each is checked by the schema. */
const withRows = async ({ rows }: Recorded): Promise<Backend> => {
  const t = newDeployment();
  await t.mutation(internal.erp.seed.demo, {});
  await t.run(async (ctx) => {
    for (const [table, all] of Object.entries(rows))
      for (const { _id, _creationTime, ...row } of all)
        await ctx.db.insert(table as TableNames, row as never);
  });
  return t;
};

test("there are rows of an earlier version", () => {
  expect(versions.length).toBeGreaterThan(0);
});

describe.each(versions)("after $version", (recorded) => {
  const { held } = recorded;
  let t: Backend;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: recorded.at + 1_000 });
    t = await withRows(recorded);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("no table is lost, and all its rows are kept", async () => {
    const all = await dump(t);
    for (const [table, rows] of Object.entries(recorded.rows))
      expect([table, all[table]?.length]).toEqual([table, rows.length]);
  });

  test("a key works, and a call is repeated under its idempotency key", async () => {
    expect((await listTools(t, held.key)).length).toBeGreaterThan(20);
    const { _meta, isError } = await callTool(t, held.key, "customers_create", REPEATED);
    expect(isError).toBeUndefined();
    expect(_meta).toMatchObject({ "toolgate/replayed": true });
    expect((await dump(t)).customers).not.toContainEqual(
      expect.objectContaining({ email: REPEATED.email }),
    );
  });

  test("a job tells its result", async () => {
    const { structuredContent } = await callTool(t, held.key, "jobs_get", { jobId: held.jobId });
    expect(structuredContent).toMatchObject({ state: "succeeded", tool: "customers_import" });
  });

  test("a connection goes on", async () => {
    const { status, json } = await refresh(t, held, held.refreshToken);
    expect(status).toBe(200);
    expect((await listTools(t, json.access_token as string)).length).toBeGreaterThan(0);
  });

  test("an operator reads keys, connections, roles and the audit log", async () => {
    const { listKeys, listConnections, listRoles, listAudit } = internal.toolgate.admin;
    expect((await t.query(listKeys, {})).keys.length).toBe(recorded.rows.toolgateKeys?.length);
    expect((await t.query(listConnections, {})).connections.length).toBeGreaterThan(0);
    expect(JSON.stringify(await t.query(listRoles, {}))).toContain("warehouse");
    const { entries } = await t.query(listAudit, {});
    expect(entries.length).toBe(recorded.rows.toolgateAudit?.length);
  });

  test("the sweep forgets what is old", async () => {
    vi.setSystemTime(recorded.at + 400 * 24 * 60 * 60 * 1000);
    for (let turn = 0; turn < 5; turn++) await t.mutation(internal.toolgate.jobs.sweep, {});
    const { toolgateJobs, toolgateIdempotency, toolgateGrants, toolgateDeviceCodes } =
      await dump(t);
    expect([toolgateJobs, toolgateIdempotency, toolgateGrants, toolgateDeviceCodes]).toEqual([
      ...[[], [], [], []],
    ]);
  });
});

/** Tables that grow with the calls, so a push that fills an index of theirs at once would take long. */
const LARGE = ["toolgateAudit", "toolgateIdempotency", "toolgateJobs", "toolgateGrants"];

const number = ({ version }: Recorded) =>
  version.split(".").reduce((sum, part) => sum * 1_000 + Number(part), 0);

test("a new index on a large table was staged in the version before", () => {
  const [before] = [...versions].sort((a, b) => number(b) - number(a));
  for (const table of LARGE) {
    const known = before?.indexes[table] ?? { used: [], staged: [] };
    const fresh = indexes()[table]?.used.filter(
      (one) => ![...known.used, ...known.staged].includes(one),
    );
    expect([table, fresh]).toEqual([table, []]);
  }
});

/** Sealing beside the calls that write the audit log, over HTTP: it finds nothing, and disturbs nobody. */
import { beforeEach, expect, test, vi } from "vitest";
import { conflicts, type Footprint } from "../../support/recording/readWrite";
import { install, recorded, recordingRoutes } from "../../support/recording/recorder";
import http from "../../../convex/http";
import { internal } from "../../../convex/_generated/api";
import {
  callTool,
  issueKey,
  newBackend,
  newServer,
  rows,
  rpc,
  type Backend,
} from "../../support/gate";
import { Log } from "./log";
import { sealOnce } from "./setup";

const { admin, jobs } = internal.toolgate;

let t: Backend;
let key: string;

beforeEach(async () => {
  vi.stubEnv("TOOLGATE_SEAL_KEYS", undefined);
  vi.stubEnv("TOOLGATE_PEPPERS", `test:${"pepper-".repeat(6)}`);
  vi.stubEnv("TOOLGATE_LIMIT_SCALE", "1000");
  vi.useFakeTimers({ toFake: ["Date"] });
  t = await newServer({
    t: newBackend({ "../../convex/http.ts": () => Promise.resolve(recordingRoutes(http)) }),
  });
  ({ key } = await issueKey(t));
  return () => vi.useRealTimers();
});

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

test("200 parallel writers while the log is sealed: nothing is found", async () => {
  const writers = Array.from({ length: 200 }, async (_, index) => {
    if (index % 10 === 0) pass(20_000);
    const { status } = await rpc(t, key, "ping");
    if (index % 20 === 0) await t.mutation(admin.sealAudit, {});
    return status;
  });
  expect(new Set(await Promise.all(writers))).toEqual(new Set([200]));
  pass(121_000);
  await t.mutation(admin.sealAudit, {});
  const audit = await rows(t, "toolgateAudit");
  expect(audit).toHaveLength(201);
  const { faults, checked, sealedTo, nextCursor } = await t.query(admin.verifyAudit, {});
  expect([faults, checked.rows, nextCursor]).toEqual([[], 201, null]);
  expect(sealedTo).toBe(new Date(audit.at(-1)!._creationTime).toISOString());
  const { head, waiting } = await t.query(admin.auditHead, {});
  expect(waiting).toEqual({ rows: 0 });
  expect((await t.query(admin.verifyAudit, { head: head! })).faults).toEqual([]);
});

/** A row that an admission writes now. convex-test does not tell the recorder when it was made. */
const made = ({ reads, writes }: Footprint): Footprint => ({
  reads,
  writes: writes.map((write) => ({
    ...write,
    after: { _creationTime: Date.now(), ...write.after },
  })),
});

test("no admission disturbs a sealing, and no sealing an admission", async () => {
  install();
  const { calls } = await recorded(() =>
    callTool(t, key, "customers_create", { name: "Ada", email: "ada@example.com" }),
  );
  const admission = made(calls.find(({ name }) => name.endsWith("gate:admit"))!);
  expect(admission.writes.map(({ table }) => table)).toContain("toolgateAudit");
  const log = new Log();
  for (let row = 0; row < 50; row++) log.add({}, Date.now() - 121_000);
  log.now = Date.now();
  await sealOnce(log);
  const sealing = log.footprint();
  expect(sealing.reads.length).toBeGreaterThan(2);
  expect(sealing.writes.map(({ table }) => table)).toEqual(["toolgateSeals", "toolgateSealedRows"]);
  expect([conflicts(sealing, admission), conflicts(admission, sealing)]).toEqual([false, false]);
  // One that read up to the present would be disturbed, and two sealings are.
  log.add();
  log.now += 121_000;
  await sealOnce(log);
  const later = log.footprint();
  expect([conflicts(later, admission), conflicts(sealing, later)]).toEqual([true, true]);
});

test("the sweep starts it once a row has waited for ten minutes", async () => {
  const scheduled = async () =>
    (await t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect())).filter(
      ({ name }) => name === "toolgate/admin:sealAudit",
    ).length;
  await t.mutation(jobs.sweep, {});
  expect(await scheduled()).toBe(0);
  pass(599_000);
  await t.mutation(jobs.sweep, {});
  expect(await scheduled()).toBe(0);
  pass(2_000);
  await t.mutation(jobs.sweep, {});
  await vi.waitFor(async () => {
    expect(await rows(t, "toolgateSeals")).toMatchObject([{ seq: 1, key: "test", count: 1 }]);
  });
  pass(601_000);
  await t.mutation(jobs.sweep, {});
  expect(await scheduled()).toBe(1);
});

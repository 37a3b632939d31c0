/** `toolgate audit verify|head|export|show` against a log in memory: what they print, and how they end. */
import { Command } from "commander";
import { beforeEach, expect, test, vi } from "vitest";
import { addAudit } from "../../cli/operate/audit";
import { table } from "../../cli/operate/print";
import type { AuditEntry } from "../../src/operate/auditLog";
import { auditHead } from "../../src/operate/record/head";
import { verifyAudit } from "../../src/operate/record/verifyAudit";
import { Log } from "../operate/record/log";
import { sealAll } from "../operate/record/setup";

let log: Log;
let functions: Record<string, (args: never) => unknown>;

vi.mock("../../cli/operate/target", async (original) => ({
  ...(await original<object>()),
  targetOf: () => Promise.resolve((name: string, args: never) => functions[name]!(args)),
}));

/** 12 batches. */
beforeEach(async () => {
  log = new Log();
  for (let row = 0; row < 1_150; row++) log.add({}, log.now + row);
  log.now += 180_000;
  await sealAll(log);
  functions = {
    "admin:verifyAudit": (args) => verifyAudit.handler(log.tx, args),
    "admin:auditHead": () => auditHead.handler(log.tx),
  };
});

const program = new Command().exitOverride();
addAudit(program);

const run = async (...line: string[]) => {
  let [stdout, stderr] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((stdout += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((stderr += String(text)), true));
  const failed = await program.parseAsync(["audit", ...line], { from: "user" }).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { stdout, stderr, failed };
};

test("verify checks all pages, and names what it finds with exit code 1", async () => {
  const good = await run("verify");
  expect(good.failed).toBe(undefined);
  expect(good.stdout).toMatch(/^Nothing found: 1150 rows under 12 seals, up to \S+Z\.\n$/);
  const gone = log.tables.toolgateAudit!.splice(1_120, 1)[0]!;
  const { stdout, failed } = await run("verify");
  expect(failed).toBe("");
  expect(stdout).toMatch(
    new RegExp(
      `^fault +place\nmissing +row ${gone._id} of \\S+Z is gone; seal 12 names it\n1 found`,
    ),
  );
  const { faults, checked } = JSON.parse((await run("verify", "--json")).stdout) as Record<
    string,
    unknown
  >;
  expect(faults).toMatchObject([{ kind: "missing", seal: 12, row: gone._id }]);
  expect(checked).toEqual({ rows: 1_150, seals: 12, removed: 0 });
});

test("head prints one line to keep, and verify takes it", async () => {
  const { stdout } = await run("head");
  expect(stdout).toMatch(/^12\.[\w-]{43}\n$/);
  expect((await run("verify", "--head", stdout.trim())).failed).toBe(undefined);
  log.tables.toolgateSeals!.pop();
  const cut = await run("verify", "--head", stdout.trim());
  expect([cut.failed, cut.stdout]).toEqual(["", expect.stringContaining("head_missing")]);
  log = new Log();
  expect(await run("head")).toMatchObject({ stdout: "", failed: "Nothing is sealed yet." });
});

test("rows that nothing seals are worth a word", async () => {
  log.add();
  vi.spyOn(Date, "now").mockReturnValue((log.now += 30 * 60_000));
  expect((await run("verify")).stderr).toContain("Rows without a seal since");
});

/** The pages of a list of five rows, two at a time. */
const serveRows = (last = 5) => {
  const asked: Record<string, unknown>[] = [];
  functions["admin:listAudit"] = (args: { cursor?: string; operation?: string }) => {
    asked.push(args);
    const from = Number(args.cursor ?? 0);
    if (from >= last) throw new Error("The deployment is gone");
    const to = Math.min(from + 2, 5);
    const entries = [1, 2, 3, 4, 5].slice(from, to).map((n) => ({ id: `r${String(n)}` }));
    return { entries, nextCursor: to === 5 ? null : String(to), position: String(to) };
  };
  return asked;
};

test("export writes a line of JSON for each row, oldest first, until two minutes ago", async () => {
  const asked = serveRows();
  vi.spyOn(Date, "now").mockReturnValue(Date.parse("2026-11-29T14:00:00Z"));
  const { stdout, stderr, failed } = await run("export", "--tenant", "acme");
  expect(failed).toBe(undefined);
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as AuditEntry).id)).toEqual([
    "r1",
    "r2",
    "r3",
    "r4",
    "r5",
  ]);
  expect(stderr).toBe("To go on behind the last row: --cursor 5\n");
  const args = { tenant: "acme", oldestFirst: true, limit: 200, until: "2026-11-29T13:58:00.000Z" };
  expect(asked).toEqual([args, { ...args, cursor: "2" }, { ...args, cursor: "4" }]);
});

test("JSON escapes what steers a terminal or cannot be seen, and reads back as it was", async () => {
  const tool = "a\u009b2J\u202eb\u200b\u2066c\u{e0041}\u061c\ufeffd\u0007\n\u2028é€😀";
  const entry = { id: "r1", tool, at: "2026-11-29T14:00:00.000Z", outcome: "failed", method: "m" };
  functions["admin:listAudit"] = () => ({ entries: [entry], nextCursor: null, position: null });
  for (const line of [["export"], ["list", "--json"], ["show", "op", "--json"]]) {
    const { stdout } = await run(...line);
    expect(stdout).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    expect(stdout).toContain("\\u009b2J\\u202eb\\u200b\\u2066c\\udb40\\udc41");
    expect(stdout).toContain("é€😀");
    expect(JSON.stringify(JSON.parse(stdout))).toContain(JSON.stringify(entry));
  }
  functions["admin:auditHead"] = () => ({ head: tool, waiting: { rows: 0 } });
  expect((await run("head", "--json")).stdout).toContain("\\u009b2J");
});

test("an export that broke off says where to go on", async () => {
  serveRows(4);
  const broken = await run("export");
  expect(broken.failed).toBe("The deployment is gone");
  expect(broken.stderr).toContain("--cursor 4");
  serveRows();
  expect((await run("export", "--cursor", "4")).stdout).toBe('{"id":"r5"}\n');
});

test("show tells all of one call", async () => {
  functions["admin:listAudit"] = ({ operation }: { operation: string }) => ({
    entries: operation === "op" ? [{ id: "r1", method: "ping", waitedMs: 4 }, { id: "r2" }] : [],
    nextCursor: null,
  });
  expect((await run("show", "op")).stdout).toBe(
    "id        r1\nmethod    ping\nwaitedMs  4\n\nid  r2\n",
  );
  expect((await run("show", "no")).failed).toBe("There is no row of the operation no.");
});

test("list tells a call from what was decided about it", async () => {
  const row = { at: "2026-11-29T14:00:00.000Z", outcome: "succeeded", tool: "payments_record" };
  const rowsOf = (protocol: string, method: string) => ({ ...row, protocol, method });
  functions["admin:listAudit"] = () => ({
    entries: [
      rowsOf("job", "job/end"),
      rowsOf("operator", "approvals/approve"),
      rowsOf("2026-07-28", "tools/call"),
    ],
    nextCursor: null,
  });
  const lines = (await run("list")).stdout.trim().split("\n").slice(1);
  expect(lines.map((line) => /payments_record( \(.*\))?/.exec(line)![0])).toEqual([
    "payments_record (job/end)",
    "payments_record (approvals/approve)",
    "payments_record",
  ]);
});

test("a table of as many faults as somebody can put in is printed", () => {
  const rows = Array.from({ length: 200_000 }, (_, row) => ["seal_changed", `seal ${String(row)}`]);
  expect(table(["fault", "place"], rows).split("\n")).toHaveLength(200_001);
});

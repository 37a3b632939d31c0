/** `toolgate audit verify` and `head`: checks the audit log against its seals. */
import { Command } from "commander";
import type { Fault } from "../../src/operate/record/faults";
import { given } from "./options";
import { fields, jsonText, note, print, printable, show, table } from "./print";
import { Failure, type Run } from "./run";
import { targetOf, type TargetOptions } from "./target";

/** What `admin:verifyAudit` gives, of one page or of all. */
interface Checked {
  readonly faults: readonly Fault[];
  readonly checked: { readonly rows: number; readonly seals: number; readonly removed: number };
  readonly sealedTo: string | null;
}

interface Page extends Checked {
  readonly nextCursor: string | null;
}

/** What `admin:auditHead` gives. */
interface Head {
  readonly head: string | null;
  readonly at?: string;
  readonly sealedTo?: string;
  readonly key?: string;
  readonly waiting: { readonly rows: number; readonly since?: string };
}

/** Rows per call. It is the most that the server checks at once, give or take a seal. */
const PAGE = 1_000;

/** After so many pages it says how far it is. */
const TOLD = 50;

const together = (all: Checked, { faults, checked, sealedTo }: Checked): Checked => ({
  faults: [...all.faults, ...faults],
  checked: {
    rows: all.checked.rows + checked.rows,
    seals: all.checked.seals + checked.seals,
    removed: all.checked.removed + checked.removed,
  },
  sealedTo,
});

const checkAll = async (run: Run, head: string | undefined): Promise<Checked> => {
  let all: Checked = { faults: [], checked: { rows: 0, seals: 0, removed: 0 }, sealedTo: null };
  let cursor: string | null = null;
  for (let pages = 1; ; pages++) {
    const args = given({ limit: PAGE, head, cursor: cursor ?? undefined });
    const page: Page = await run("admin:verifyAudit", args);
    all = together(all, page);
    cursor = page.nextCursor;
    if (cursor === null) return all;
    if (pages % TOLD === 0)
      note(`${String(all.checked.rows)} rows so far, none after this time: ${all.sealedTo ?? "-"}`);
  }
};

const checkedText = ({ faults, checked, sealedTo }: Checked): string => {
  const { rows, seals, removed } = checked;
  const what = `${String(rows)} rows under ${String(seals)} seals`;
  const gone = removed === 0 ? "" : `, and ${String(removed)} that retention has removed`;
  const end = sealedTo === null ? "" : `, up to ${sealedTo}`;
  if (faults.length === 0) return `Nothing found: ${what}${gone}${end}.`;
  const found = table(
    ["fault", "place"],
    faults.map(({ kind, place }) => [kind, place]),
  );
  return `${found}\n${String(faults.length)} found in ${what}${gone}${end}.`;
};

/** As long as a row may wait for its seal before that is worth a word, in milliseconds. */
const LATE_MS = 25 * 60_000;

const noteWaiting = ({ waiting: { rows, since } }: Head): void => {
  if (since === undefined || Date.now() - Date.parse(since) < LATE_MS) return;
  const many = rows >= 100 ? "100 or more" : String(rows);
  note(
    `Rows without a seal since ${since}: ${many}. Does the cron run toolgate's sweep, and what does the deployment's log say?`,
  );
};

/** Exit code 1 if something is found. */
export const verifyAudit = new Command("verify")
  .description(
    "Names rows and seals that were changed, removed, moved or put in. Exit code 1 if there are any.",
  )
  .option("--head <head>", "one that `audit head` printed: the log must still hold it")
  .action(async ({ head, ...options }: TargetOptions & { head?: string }) => {
    const run = await targetOf(options);
    const all = await checkAll(run, head);
    show(all, options.json, checkedText);
    noteWaiting(await run<Head>("admin:auditHead", {}));
    if (all.faults.length > 0) throw new Failure("");
  });

export const headOfAudit = new Command("head")
  .description(
    "Prints the newest seal, to keep elsewhere: who cuts off the log's end cannot make it again.",
  )
  .action(async (options: TargetOptions) => {
    const run = await targetOf(options);
    const found = await run<Head>("admin:auditHead", {});
    noteWaiting(found);
    if (found.head === null) throw new Failure("Nothing is sealed yet.");
    const { head, at, sealedTo, key } = found;
    if (options.json) {
      print(jsonText(found, 2));
      return;
    }
    note(fields({ made: at, "sealed up to": sealedTo, key }));
    print(printable(head));
  });

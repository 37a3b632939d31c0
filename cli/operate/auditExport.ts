/** `toolgate audit export`: the audit log as JSON lines, for keeping elsewhere. */
import { Command } from "commander";
import { SETTLED_MS } from "../../src/data/seals";
import type { AuditEntry } from "../../src/operate/auditLog";
import { filterArgs, withFilter, type Filter } from "./auditFilter";
import { given } from "./options";
import { jsonText, note, print } from "./print";
import { targetOf } from "./target";

interface Page {
  readonly entries: readonly AuditEntry[];
  readonly nextCursor: string | null;
  readonly position: string | null;
}

/** The largest page that the server returns, in rows. */
const PAGE = 200;

/** By then no row with an earlier time can come any more: an export that goes on behind it misses none. */
const settled = (): string => new Date(Date.now() - SETTLED_MS).toISOString();

/** Tells where to go on, also if a page fails. */
const tell = (position: string | null): void => {
  if (position !== null) note(`To go on behind the last row: --cursor ${position}`);
};

export const exportAudit = withFilter(
  new Command("export").description("Rows as JSON lines, oldest first, up to two minutes ago."),
)
  .option("--cursor <cursor>", "goes on where an export ended: it has printed this")
  .action(async ({ cursor, ...filter }: Filter & { cursor?: string }) => {
    const run = await targetOf(filter);
    const { until } = filter;
    const isEarlier = until !== undefined && !(Date.parse(until) > Date.now() - SETTLED_MS);
    const bound = isEarlier ? {} : { until: settled() };
    const args = { ...filterArgs(filter), ...bound, oldestFirst: true, limit: PAGE };
    let position = cursor ?? null;
    try {
      for (let next = cursor ?? null, isFirst = true; isFirst || next !== null; isFirst = false) {
        const page: Page = await run(
          "admin:listAudit",
          given({ ...args, cursor: next ?? undefined }),
        );
        for (const entry of page.entries) print(jsonText(entry));
        ({ nextCursor: next } = page);
        position = page.position ?? position;
      }
    } finally {
      tell(position);
    }
  });

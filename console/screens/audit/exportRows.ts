/** Reads the rows for an export, page by page, as JSON lines. */
import type { AuditEntry } from "../../../src/operate/auditLog";

/** A page of a browser is no place for more; the command line has no such bound. */
export const MAX_ROWS = 10_000;

const PAGE = 100;

type ReadPage = (page: { limit: number; cursor?: string }) => Promise<{
  entries: readonly AuditEntry[];
  nextCursor: string | null;
}>;

export interface Exported {
  readonly text: string;
  readonly rows: number;
  /** Whether there are more than these. */
  readonly hasMore: boolean;
}

/** @param goesOn - is told how many rows are read so far; false ends the export with those. */
export const exportRows = async (
  readPage: ReadPage,
  goesOn: (rows: number) => boolean,
): Promise<Exported> => {
  const rows: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(PAGE, MAX_ROWS - rows.length);
    const page = await readPage({ limit, ...(cursor !== undefined && { cursor }) });
    rows.push(...page.entries);
    cursor = page.nextCursor ?? undefined;
  } while (goesOn(rows.length) && cursor !== undefined && rows.length < MAX_ROWS);
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return { text, rows: rows.length, hasMore: cursor !== undefined };
};

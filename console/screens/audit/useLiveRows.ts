/** The rows on the screen, and how many newer ones there are: they come in only when somebody asks, so that nothing jumps. */
import { useState } from "react";
import { usePages } from "../../api/usePages";
import { useRun } from "../../api/useRun";
import { countNewer } from "./newer";
import { argsOf, type AuditFilters } from "./filterNames";

const PAGE = 50;

/** How often to look for newer rows, in ms. */
const EVERY = 2_000;

/** @returns the pages, the words for what is new (absent if nothing is), what shows it, and why nothing newer can be read. */
export const useLiveRows = (filters: AuditFilters, isLive: boolean) => {
  const list = JSON.stringify(filters);
  // A span counts back from when it was chosen, or shown anew: else each render would ask for other rows.
  const [since, setSince] = useState({ list, now: Date.now() });
  if (since.list !== list) setSince({ list, now: Date.now() });
  const args = { ...argsOf(filters, since.now), limit: PAGE };
  const pages = usePages("admin:listAudit", args, { every: 0 });
  // The rows of the filters before stay until those of the new ones come: nothing is newer than them.
  const isThere = pages.query.isSuccess && !pages.query.isPlaceholderData;
  const watches = isLive && pages.page === 1 && isThere;
  // One row more makes it another question: its answer must not come in by itself.
  const newest = useRun(
    "admin:listAudit",
    { ...args, limit: PAGE + 1 },
    { every: EVERY, enabled: watches },
  );
  const count =
    watches && newest.data !== undefined && !newest.isPlaceholderData
      ? countNewer(newest.data.entries, pages.query.data.entries)
      : 0;
  return {
    pages,
    ...(watches && newest.error !== null && { problem: newest.error }),
    ...(count > 0 && { news: count >= PAGE ? `${PAGE} or more new` : `${count} new` }),
    showNews: () => {
      setSince({ list, now: Date.now() });
      void pages.query.refetch();
    },
  };
};

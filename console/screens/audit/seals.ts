/** What waits for a seal, in words. */

/** The sweep seals every ten minutes. Rows that wait through more than two of its turns wait because nothing seals them. */
const LATE = 25 * 60_000;

/** At so many the deployment stops to count. */
const MOST = 100;

export const isLate = ({ since }: { readonly since?: string }, now: number): boolean =>
  since !== undefined && now - Date.parse(since) > LATE;

/** Rows younger than two minutes do not count: they are still too young for a seal. */
export const waitingText = (rows: number): string => {
  if (rows === 0) return "No row waits for the next seal";
  if (rows === 1) return "1 row waits for its seal";
  return `${rows >= MOST ? `${MOST} rows or more` : `${rows} rows`} wait for their seal`;
};

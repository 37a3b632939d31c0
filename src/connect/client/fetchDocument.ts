/** Fetches the document of a client, with as little trust as can be: a stranger chose the URL. */
import { sleepUnless } from "../../base/sleep";
import type { ClientDocument } from "../../grants/documents";
import { parseStrictJson } from "../../wire/strictJson";
import { decodeUtf8 } from "../../wire/utf8";
import { readDocument } from "./document";

/** The time for all of a fetch, in milliseconds. */
const FETCH_MS = 5000;

/** The largest document, in bytes. */
const MOST_BYTES = 8 * 1024;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** What a fetch brought. `gone`: the client has no document any more. With neither nothing is known, and an older copy still counts. */
export interface Fetched {
  readonly document?: ClientDocument;
  readonly gone?: true;
  /** How long not to fetch again, in milliseconds. */
  readonly freshForMs: number;
}

const UNKNOWN: Fetched = { freshForMs: MINUTE_MS };
const GONE: Fetched = { gone: true, freshForMs: HOUR_MS };

/** Reads to the end; undefined once there are too many bytes. Content-Length is only a claim, so they are counted. */
const readText = async ({ body }: Response): Promise<string | undefined> => {
  const reader = body?.getReader();
  const bytes = new Uint8Array(MOST_BYTES);
  for (let size = 0; ;) {
    const part = await reader?.read();
    if (part?.value === undefined) return decodeUtf8(bytes.subarray(0, size));
    if (size + part.value.byteLength > MOST_BYTES) return undefined;
    bytes.set(part.value, size);
    size += part.value.byteLength;
  }
};

/** As the vendor asks, but for an hour at least and a week at most. */
const freshness = ({ headers }: Response): number => {
  const seconds = /(?:^|[\s,])max-age=(\d+)/i.exec(headers.get("cache-control") ?? "")?.[1];
  return Math.min(WEEK_MS, Math.max(HOUR_MS, Number(seconds ?? 0) * 1000));
};

const isJson = ({ headers }: Response): boolean =>
  /^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(headers.get("content-type") ?? "");

const get = async (url: URL, signal: AbortSignal): Promise<Fetched> => {
  const headers = { Accept: "application/json" };
  // A redirect on a trusted host may lead anywhere, so none is followed.
  const response = await fetch(url.href, { redirect: "error", signal, headers });
  if (response.status === 404 || response.status === 410) return GONE;
  if (response.status !== 200 || !isJson(response)) return UNKNOWN;
  const parsed = parseStrictJson((await readText(response)) ?? "");
  if (!("value" in parsed)) return UNKNOWN;
  const document = readDocument(url, parsed.value);
  return document ? { document, freshForMs: freshness(response) } : GONE;
};

/** Fetches a document. It never throws, and takes 5 s at most. */
export const fetchDocument = async (url: URL): Promise<Fetched> => {
  const stop = new AbortController();
  const fetched = await sleepUnless(
    FETCH_MS,
    get(url, stop.signal).catch(() => UNKNOWN),
  );
  // Also ends a body that was not read to its end.
  stop.abort();
  return fetched ?? UNKNOWN;
};

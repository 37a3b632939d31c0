/** The revisions that this server supports. The file imports nothing, since methods and eras both need it. */

export const MODERN_VERSION = "2026-07-28";

/** Newest first. */
export const LEGACY_VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;

/** The only revision with JSON-RPC batches. It is also assumed if a request has no version header. */
export const BATCH_VERSION = "2025-03-26";

/** The version for the reply to `initialize`: the client's if it is served, else the newest of the 2025 revisions. */
export const negotiate = (requested: string): string =>
  LEGACY_VERSIONS.find((version) => version === requested) ?? LEGACY_VERSIONS[0];

/** The revisions that are served. Imports nothing: methods and eras both need it. */

export const MODERN_VERSION = "2026-07-28";

/** Newest first. */
export const LEGACY_VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;

/** The one revision with JSON-RPC batches, and the one that is assumed without a version header. */
export const BATCH_VERSION = "2025-03-26";

/** The version to answer `initialize` with: the client's if it is served, else the newest. */
export const negotiate = (requested: string): string =>
  LEGACY_VERSIONS.find((version) => version === requested) ?? LEGACY_VERSIONS[0];

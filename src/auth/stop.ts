/**
 * The operator's switch that stops agents: the environment variable `TOOLGATE_STOP`. Convex answers a query anew once a variable that
 * it has read changes, so open streams notice the switch at their next look.
 *
 * @see get-convex/convex-backend 0780bbe: crates/database/src/preloaded.rs, `record_indexed_directly`
 */
import type { Stop } from "../data/values";

/** What is stopped now; undefined if nothing is. Any value but `writes` stops all, so that a slip stops too much and not too little. */
export const stopped = (): Stop | undefined => {
  const value = process.env.TOOLGATE_STOP?.trim() ?? "";
  if (value === "") return undefined;
  return value === "writes" ? "writes" : "all";
};

/** Told to clients. The operator knows why, and they need not. */
export const STOPPED: Readonly<Record<Stop, string>> = {
  all: "The operator of this server has stopped it for now. Nothing was done.",
  writes:
    "The operator of this server has stopped everything that writes, for now. Nothing was done. Reading goes on.",
};

/** Told on a stream that the switch ends. */
export const STOPPED_WAITING =
  "The operator of this server has stopped it for now. A job that runs ends at its next report. Ask again later what has become of it.";

/** The member of `_meta` by which a greeting says what is stopped. */
export const STOPPED_META = "toolgate/stopped";

/** After how many seconds a client may ask again. */
export const STOPPED_RETRY_S = 300;

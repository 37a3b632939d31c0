/** A log in memory of which every row is sealed. */
import { Log } from "./log";
import { sealAll } from "./setup";

export const MINUTE = 60_000;

/** A log of so many rows, a second apart but for those that share a moment, all sealed. */
export const sealedLog = async (count: number, alike = 1): Promise<Log> => {
  const log = new Log();
  for (let row = 0; row < count; row++) {
    if (row % alike === 0) log.now += 1_000;
    log.add({ tool: `t${String(row)}`, arguments: `{"n":${String(row)}}`, subject: "agent" });
  }
  log.now += 3 * MINUTE;
  await sealAll(log);
  return log;
};

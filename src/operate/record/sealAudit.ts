/** Seals the audit log, in batches. */
import { makeFunctionReference } from "convex/server";
import { v } from "convex/values";
import { newestSeal } from "../../auth/newestSeal";
import type { Pepper } from "../../auth/pepper";
import { checkingKeys, sealingKey } from "../../auth/sealKeys";
import type { Doc, GateReader, GateTx } from "../../data/database";
import { unsealed, type Seal } from "../../data/seals";
import type { Toolgate } from "../../registry/toolgate";
import { makeSeal, rowOf } from "./seal";

/** The most rows of a seal. */
const ROWS = 100;

/** The most seals of a run. With rows of 8 KB each, it reads 4 MB. */
const SEALS = 5;

/** More rows than one moment can have. */
const OF_ONE_MOMENT = 1_000;

/**
 * The rows of the next seal. Rows of different transactions can have the same creation time, and a seal ends between two times: so those
 * of the last time wait for the next seal if not all of them fit in.
 */
const nextRows = async (
  db: GateReader,
  last: Seal | null,
  now: number,
): Promise<Doc<"toolgateAudit">[]> => {
  const rows = await unsealed(db, last, now).take(ROWS + 1);
  const next = rows[ROWS]?._creationTime;
  if (next === undefined) return rows;
  const whole = rows.filter(({ _creationTime }) => _creationTime < next);
  if (whole.length > 0) return whole;
  return db
    .query("toolgateAudit")
    .withIndex("by_creation_time", (q) => q.eq("_creationTime", next))
    .take(OF_ONE_MOMENT);
};

/** @throws Error if only forged seals are found. Sealing from the beginning would then never end. */
const lastOf = async (db: GateReader, now: number): Promise<Seal | null> => {
  const { seal, isLost } = await newestSeal(db, checkingKeys(), now);
  if (isLost)
    throw new Error(
      "Sealing waits: the newest seals are forged. `toolgate audit verify` names them",
    );
  return seal;
};

/** Seals rows that follow those of the last seal. */
const sealRows = async (
  tx: GateTx,
  key: Pepper,
  last: Seal | null,
  audited: readonly Doc<"toolgateAudit">[],
): Promise<Seal | null> => {
  const rows = await Promise.all(audited.map(rowOf));
  const seal = await tx.db.insert("toolgateSeals", await makeSeal(key, last, rows, Date.now()));
  await tx.db.insert("toolgateSealedRows", { seal, rows });
  return tx.db.get("toolgateSeals", seal);
};

/**
 * The definition of `sealAudit`: seals the rows that are old enough, at most 500 a run, and runs itself again at once if there may be more.
 * It throws if the environment has no usable key, or somebody has put in 1,000 seals and more.
 *
 * @returns how many seals it made, over how many rows.
 */
export const sealAudit = ({ dir }: Pick<Toolgate, "dir">) => ({
  args: {},
  returns: v.object({ seals: v.number(), rows: v.number() }),
  handler: async (tx: GateTx) => {
    const [key, now] = [sealingKey(), Date.now()];
    const done = { seals: 0, rows: 0 };
    let last = await lastOf(tx.db, now);
    while (done.seals < SEALS) {
      const rows = await nextRows(tx.db, last, now);
      if (rows.length === 0) return done;
      last = await sealRows(tx, key, last, rows);
      done.seals++;
      done.rows += rows.length;
    }
    const again = makeFunctionReference<"mutation">(`${dir}/admin:sealAudit`);
    await tx.scheduler.runAfter(0, again, {});
    return done;
  },
});

/** Where a check of the seals goes on. */
import { refuse } from "../../base/refuse";
import type { GateReader } from "../../data/database";
import type { Seal } from "../../data/seals";
import { START, type Standing } from "./chain";

/** Behind which seal, and where the check of the chain stands. Numbers are texts, since JSON does not have all that somebody may put in. */
interface Place {
  readonly seq: string;
  readonly made: string;
  readonly id: string;
  readonly standing: Standing;
}

/** @throws ConvexError `bad_cursor` */
export const placeOf = (cursor: string | undefined): Place | null => {
  if (cursor === undefined) return null;
  try {
    const place = JSON.parse(cursor) as Partial<Place>;
    const { seq, made, id, standing } = place;
    const isWhole = [seq, made, id].every((text) => typeof text === "string");
    if (isWhole && typeof standing?.next === "number") return place as Place;
  } catch {
    // Below.
  }
  return refuse("bad_cursor", "cursor: expected nextCursor of the page before");
};

export const standingAt = (place: Place | null): Standing => place?.standing ?? START;

const textOf = (number: number): string => (Object.is(number, -0) ? "-0" : String(number));

/** The cursor behind a seal. */
export const cursorAfter = ({ seq, _creationTime, _id }: Seal, standing: Standing): string =>
  JSON.stringify({ seq: textOf(seq), made: textOf(_creationTime), id: _id, standing });

const seals = (db: GateReader) => db.query("toolgateSeals");

/** The seals behind a place, by their numbers. There may be any number of one number. */
export const sealsAfter = async function* (
  db: GateReader,
  place: Place | null,
): AsyncGenerator<Seal> {
  if (place === null) {
    yield* seals(db).withIndex("by_seq", (q) => q.gte("seq", -Infinity));
    return;
  }
  const [seq, made] = [Number(place.seq), Number(place.made)];
  const alike = seals(db).withIndex("by_seq", (q) => q.eq("seq", seq).gte("_creationTime", made));
  let isNew = false;
  for await (const seal of alike) {
    if (isNew || seal._creationTime !== made) yield seal;
    isNew ||= seal._id === place.id;
  }
  yield* seals(db).withIndex("by_seq", (q) => q.gt("seq", seq));
};

/** Steps of the simulation, made of what real transactions read and wrote. */
import { conflicts, type Footprint } from "../lib/readWrite";
import type { Step } from "../lib/retries";

/** Whether two footprints conflict, worked out once per pair. */
const known = new Map<Footprint, Map<Footprint, boolean>>();
const conflict = (reader: Footprint, writer: Footprint): boolean => {
  const row = known.get(reader) ?? new Map<Footprint, boolean>();
  known.set(reader, row);
  const found = row.get(writer) ?? conflicts(reader, writer);
  row.set(writer, found);
  return found;
};

const footprints = new WeakMap<Step, Footprint>();

export const stepOf = (
  footprint: Footprint,
  takes: readonly [number, number],
  buckets: ReadonlyMap<string, number> = new Map(),
): Step => {
  const step: Step = {
    ...{ takes, buckets },
    disturbedBy: (other) => {
      const theirs = footprints.get(other);
      return theirs !== undefined && conflict(footprint, theirs);
    },
  };
  footprints.set(step, footprint);
  return step;
};

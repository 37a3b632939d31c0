/** Breaks each call of the library that a client's call leads to, in each way, and judges what came of it. */
import { inject, texts, type Fault, type Made } from "../support/injector";
import { effectsOf, newProbe, type Probe } from "./app";
import { calls } from "./calls";
import { freePlaces, type Call, type Told } from "./client";

const faults = Object.keys(texts) as Fault[];

/** How often in a row a call is broken: once; as often as a patient runner bears; and more often. */
const TIMES = [1, 4, 6] as const;

/** A place where a call can break: the nth call of a function. */
interface Place extends Made {
  readonly nth: number;
}

export interface Point {
  readonly call: string;
  readonly fault: Fault;
  readonly place: Place;
  readonly times: number;
}

/** The polls of a stream are all alike. */
const MAX_NTH = 3;

/** Where a call can break: what it calls if nothing does. */
const placesOf = async (probe: Probe, name: string, call: Call): Promise<Place[]> => {
  const seen = new Map<string, number>();
  const places: Place[] = [];
  inject((made) => {
    const nth = (seen.get(made.name) ?? 0) + 1;
    seen.set(made.name, nth);
    if (nth <= MAX_NTH) places.push({ ...made, nth });
    return undefined;
  });
  const told = await call.send(probe, `whole ${name}`, () => undefined);
  inject();
  if (told !== "done") throw new Error(`${name} was ${told} though nothing broke`);
  return places;
};

const breaking = ({ place, fault, times }: Point) => {
  let nth = 0;
  let broken = 0;
  inject(({ name }) => {
    if (name !== place.name || ++nth < place.nth || broken === times) return undefined;
    broken++;
    return fault;
  });
  return () => broken;
};

export interface Verdict extends Point {
  readonly told: Told;
  readonly effects: number;
  readonly resent: number;
  readonly hits: number;
  /** What is wrong with it; undefined if nothing is. */
  readonly wrong: "lost" | "double" | "untrue" | undefined;
}

/** Texts by which Convex says that nothing was done, so a client can always be told so. */
const isClear = (fault: Fault): boolean => ["conflict", "writes", "slot"].includes(fault);

const judge = (
  { writes, keyed = false }: Call,
  { fault, place, times }: Point,
  told: Told,
  effects: number,
): Verdict["wrong"] => {
  if (effects > 1) return "double";
  if (writes && told === "done" && effects === 0) return "lost";
  if (told === "nothing" && effects > 0) return "untrue";
  // A worker that could not take its job has not begun.
  if (told === "unknown" && place.name === "toolgate/jobs:claim") return "untrue";
  // The end of a job that cannot be written at any of five tries is unknown, and truly so.
  const isEnd = place.name === "toolgate/jobs:finish" && times > 5;
  if (told === "unknown" && isClear(fault) && !isEnd) return "untrue";
  return keyed &&
    told !== "done" &&
    !isEnd &&
    fault !== "thrown" &&
    effects === 0 &&
    told === "unknown"
    ? "lost"
    : undefined;
};

let labels = 0;

const play = async (probe: Probe, point: Point): Promise<Verdict> => {
  const call = calls[point.call]!;
  const label = `point ${String(++labels)}`;
  let resent = 0;
  const hits = breaking(point);
  const send = () => call.send(probe, label, () => resent++);
  let told = await send();
  // With a key the client may call again whatever it was told. An unknown outcome stays one.
  if (call.keyed === true && told !== "done") {
    resent++;
    told = await send();
  }
  inject();
  await freePlaces(probe.t);
  const effects = call.writes ? await effectsOf(probe, label) : 0;
  return {
    ...point,
    told,
    effects,
    resent,
    hits: hits(),
    wrong: judge(call, point, told, effects),
  };
};

/** All points of these calls, with the app they are played in. Each call has an app of its own. */
export const pointsOf = async (name: string): Promise<{ probe: Probe; points: Point[] }> => {
  const probe = await newProbe();
  const places = await placesOf(probe, name, calls[name]!);
  const points = places.flatMap((place) =>
    faults.flatMap((fault) => TIMES.map((times) => ({ call: name, fault, place, times }))),
  );
  return { probe, points };
};

export const playAll = async (probe: Probe, points: readonly Point[]): Promise<Verdict[]> => {
  const verdicts: Verdict[] = [];
  for (const point of points) verdicts.push(await play(probe, point));
  return verdicts;
};

/** A line for each kind of call and fault, in Markdown. */
export const tableOf = (verdicts: readonly Verdict[]): string => {
  const head =
    "| call | fault | points | hits | absorbed | sent again | done | nothing | unknown | wrong |";
  const rows = Object.keys(calls).flatMap((call) =>
    faults.map((fault) => {
      const own = verdicts.filter((one) => one.call === call && one.fault === fault);
      const count = (is: (one: Verdict) => boolean) => String(own.filter(is).length);
      const sum = (of: (one: Verdict) => number) =>
        String(own.reduce((all, one) => all + of(one), 0));
      return own.length === 0
        ? ""
        : `| ${[
            ...[call, fault, String(own.length), sum(({ hits }) => hits)],
            count(({ told, resent }) => told === "done" && resent === 0),
            sum(({ resent }) => resent),
            ...(["done", "nothing", "unknown"] as const).map((what) =>
              count(({ told }) => told === what),
            ),
            count(({ wrong }) => wrong !== undefined),
          ].join(" | ")} |`;
    }),
  );
  return [head, head.replace(/[^|]+/g, "---"), ...rows.filter((row) => row !== "")].join("\n");
};

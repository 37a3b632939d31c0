/** Time that passes only when nothing else happens, so that minutes of a stream take milliseconds and always the same way. */

interface Timer {
  readonly id: number;
  readonly run: () => void;
  readonly every: number | undefined;
  at: number;
}

/** How long real work, such as a digest, may keep all timers waiting, in turns of about a millisecond. */
const IDLE_TURNS = 2;

/** After so many turns without a timer, nothing will happen any more. */
const MAX_TURNS = 300;

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

export type Callback = (...args: readonly unknown[]) => void;

/** Tells the time, and has the globals by which code asks for it. */
export interface Time {
  now(): number;
  readonly globals: {
    setTimeout(run: Callback, ms?: number, ...args: readonly unknown[]): unknown;
    setInterval(run: Callback, ms?: number, ...args: readonly unknown[]): unknown;
    clearTimeout(id?: number): void;
    clearInterval(id?: number): void;
  };
}

/** The time of this process. */
export const realTime: Time = {
  now: () => Date.now(),
  globals: { setTimeout, setInterval, clearTimeout, clearInterval },
};

export class Clock implements Time {
  readonly #timers = new Map<number, Timer>();
  #now = Date.now();
  #lastId = 0;

  now(): number {
    return this.#now;
  }

  /** The globals by which code asks for time. Ids are numbers, as on Convex. */
  readonly globals = {
    setTimeout: (run: Callback, ms?: number, ...args: readonly unknown[]) =>
      this.#add(() => {
        run(...args);
      }, ms),
    setInterval: (run: Callback, ms = 0, ...args: readonly unknown[]) =>
      this.#add(
        () => {
          run(...args);
        },
        ms,
        Math.max(1, ms),
      ),
    clearTimeout: (id?: number) => this.#timers.delete(id ?? 0),
    clearInterval: (id?: number) => this.#timers.delete(id ?? 0),
  };

  #add(run: () => void, ms = 0, every?: number): number {
    const id = ++this.#lastId;
    this.#timers.set(id, { id, run, every, at: this.#now + Math.max(0, ms) });
    return id;
  }

  #next(): Timer | undefined {
    return [...this.#timers.values()].sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }

  #fire(timer: Timer): void {
    this.#now = timer.at;
    if (timer.every === undefined) this.#timers.delete(timer.id);
    else timer.at += timer.every;
    timer.run();
  }

  /**
   * Lets time pass until `work` settles.
   *
   * @param until - the time by which it must have.
   * @throws Error that says `what` did not, or what `work` rejects with.
   */
  async pass<T>(what: string, work: Promise<T>, until: () => number): Promise<T> {
    let settled = false;
    const isOver = () => settled;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    for (let idle = 0; !isOver(); idle++) {
      await turn();
      if (isOver() || idle < IDLE_TURNS) continue;
      const next = this.#next();
      if (next === undefined ? idle > MAX_TURNS : next.at > until())
        throw new Error(`${what} did not end in time`);
      if (next === undefined) continue;
      this.#fire(next);
      idle = 0;
    }
    return work;
  }
}

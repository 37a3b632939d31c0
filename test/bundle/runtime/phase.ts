/**
 * What runs in a context, and what Convex forbids it: a query or a mutation has no timers, no fetch and no randomness for keys, and
 * its time stands still. While a module is imported, time is that of the deploy and randomness is the same for every request.
 *
 * @see https://github.com/get-convex/convex-backend crates/isolate/src/environment/udf/mod.rs, action/phase.rs, ops/crypto.rs
 */
import { webcrypto } from "node:crypto";
import type { Callback, Time } from "./clock";

export type Kind = "import" | "query" | "mutation" | "action";

/** How long ago the deploy is in a check: too long for anything that lives hours. */
const SINCE_DEPLOY_MS = 30 * 24 * 60 * 60 * 1000;

const IN_TRANSACTIONS = "in queries and mutations. Please consider using an action";

export class Phase {
  readonly #clock: Time;
  #kind: Kind = "import";
  #frozenAt: number | undefined;

  constructor(clock: Time) {
    this.#clock = clock;
    this.#frozenAt = clock.now() - SINCE_DEPLOY_MS;
  }

  /** From now on this runs. */
  enter(kind: Kind): void {
    this.#kind = kind;
    this.#frozenAt = kind === "action" ? undefined : this.#clock.now();
  }

  readonly now = (): number => this.#frozenAt ?? this.#clock.now();

  /** The globals that depend on what runs. */
  readonly globals = () => ({
    setTimeout: this.#outside("setTimeout", (run: Callback, ms?: number, ...args: unknown[]) =>
      this.#clock.globals.setTimeout(run, ms, ...args),
    ),
    setInterval: this.#outside("setInterval", (run: Callback, ms?: number, ...args: unknown[]) =>
      this.#clock.globals.setInterval(run, ms, ...args),
    ),
    fetch: this.#outside("fetch", fetch),
    performance: { now: () => this.now(), timeOrigin: 0 },
    crypto: this.#crypto(),
  });

  /** Randomness of `Math` is the context's own, so it is replaced there. */
  readonly random = (): number => {
    this.#notWhileImported("Math.random");
    return Math.random();
  };

  #outside<Args extends unknown[], Result>(name: string, run: (...args: Args) => Result) {
    return (...args: Args): Result => {
      if (this.#kind !== "action") throw new Error(`Can't use ${name}() ${IN_TRANSACTIONS}`);
      return run(...args);
    };
  }

  #notWhileImported(name: string): void {
    if (this.#kind === "import")
      throw new Error(`${name} at module scope: it is the same for every request on Convex`);
  }

  #crypto() {
    const { subtle } = webcrypto;
    const bound = Object.fromEntries(
      (["digest", "importKey", "exportKey", "sign", "verify", "encrypt", "decrypt"] as const).map(
        (name) => [name, (subtle[name] as (...args: unknown[]) => unknown).bind(subtle)],
      ),
    );
    return {
      randomUUID: () => {
        this.#notWhileImported("crypto.randomUUID");
        return webcrypto.randomUUID();
      },
      getRandomValues: <Bytes extends Uint8Array>(bytes: Bytes): Bytes => {
        this.#notWhileImported("crypto.getRandomValues");
        return webcrypto.getRandomValues(bytes);
      },
      // `wrapKey` and `timingSafeEqual` are not there.
      subtle: {
        ...bound,
        generateKey: this.#outside("cryptographic randomness", subtle.generateKey.bind(subtle)),
      },
    };
  }
}

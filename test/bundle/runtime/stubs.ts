/** What Convex has in place of the two globals that would tell when memory is freed: nothing ever is. */

class WeakRef<T extends object> {
  readonly #target: T;

  constructor(target: T) {
    this.#target = target;
  }

  deref(): T {
    return this.#target;
  }
}

class FinalizationRegistry {
  register(): void {
    // Never calls back.
  }

  unregister(): void {
    // Never calls back.
  }
}

export { FinalizationRegistry, WeakRef };

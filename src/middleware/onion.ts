/** Combines layers around a core, outermost first. Both halves of the gate are built on it. */

/** Reads `context`. It calls `next(add)` to continue with `context & add`, or returns a result of its own to stop. */
export type Layer<Result> = (
  context: never,
  next: (add: object) => Promise<Result>,
) => Promise<Result>;

/**
 * Wraps `core` in `layers`. The members that a layer passes to `next` are merged into the context of all layers further in.
 *
 * @throws Error if a layer calls `next` twice, because the second call would run a tool twice.
 */
export const onion = <Result>(
  layers: readonly Layer<Result>[],
  core: (context: never) => Promise<Result>,
): ((context: object) => Promise<Result>) =>
  layers.reduceRight<(context: object) => Promise<Result>>(
    (inner, layer) => (context) => {
      let called = false;
      return layer(context as never, (add) => {
        if (called) throw new Error("next() was called twice by one middleware");
        called = true;
        return inner({ ...context, ...add });
      });
    },
    core as (context: object) => Promise<Result>,
  );

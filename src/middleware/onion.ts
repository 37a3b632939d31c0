/** The combinator under both halves of the gate: layers around a core, outermost first. */

/** Reads `context`; calls `next(add)` to go on with `context & add`, or returns a result of its own to stop. */
export type Layer<Result> = (
  context: never,
  next: (add: object) => Promise<Result>,
) => Promise<Result>;

/**
 * Wraps `core` in `layers`. What a layer hands to `next` is merged into the context of all layers further in.
 *
 * @throws Error if a layer calls `next` twice: the second call would run a tool twice.
 */
export const onion = <Result>(
  layers: readonly Layer<Result>[],
  core: (context: never) => Promise<Result>,
): ((context: object) => Promise<Result>) =>
  layers.reduceRight<(context: object) => Promise<Result>>(
    (inner, layer) => (context) => {
      let called = false;
      return layer(context as never, async (add) => {
        if (called) throw new Error("next() was called twice by one middleware");
        called = true;
        return inner({ ...context, ...add });
      });
    },
    core as (context: object) => Promise<Result>,
  );

/** Combines layers around a core, outermost first. Both halves of the gate are built on it. */

/**
 * Reads `context`, and the `subject` that all layers share, such as the request. It calls `next(add)` to continue with `context & add`,
 * or returns a result of its own to stop.
 */
export type Layer<Subject, Result> = (
  context: never,
  subject: Subject,
  next: (add: object) => Promise<Result>,
) => Promise<Result>;

type Run<Subject, Result> = (context: object, subject: Subject) => Promise<Result>;

/**
 * Wraps `core` in `layers`. The members that a layer passes to `next` are merged into the context of all layers further in. All get the
 * same subject.
 *
 * @throws Error if a layer calls `next` twice, because the second call would run a tool twice.
 */
export const onion = <Subject, Result>(
  layers: readonly Layer<Subject, Result>[],
  core: (context: never, subject: Subject) => Promise<Result>,
): Run<Subject, Result> =>
  layers.reduceRight<Run<Subject, Result>>(
    (inner, layer) => (context, subject) => {
      let called = false;
      return layer(context as never, subject, (add) => {
        if (called) throw new Error("next() was called twice by one middleware");
        called = true;
        // A literal that begins with a spread takes ten times as long in V8.
        return inner(Object.assign({}, context, add), subject);
      });
    },
    core as Run<Subject, Result>,
  );

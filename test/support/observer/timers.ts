/**
 * Ends the timers that a test file leaves behind. The watchdog of one file's job would else ring in another file, and look at a clock which
 * that file has stopped.
 */
const started = new Set<NodeJS.Timeout>();

globalThis.setTimeout = new Proxy(globalThis.setTimeout, {
  apply(target, self, args: Parameters<typeof setTimeout>) {
    const timer = Reflect.apply(target, self, args);
    started.add(timer);
    return timer;
  },
});

/** A timer that keeps no process alive is Node's own: its `fetch` starts one, and uses it again. */
export const endTimers = (): void => {
  for (const timer of started) if (timer.hasRef()) clearTimeout(timer);
  started.clear();
};

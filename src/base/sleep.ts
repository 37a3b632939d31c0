/** Waits `ms` milliseconds. */
export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Waits `ms` milliseconds, or until `wake` settles. Leaves no timer behind. Rejects if `wake` rejects first.
 *
 * @returns the value of `wake`, or undefined if the time is up first.
 */
export const sleepUnless = async <T>(ms: number, wake: Promise<T>): Promise<T | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const sleep = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([wake, sleep]).finally(() => {
    clearTimeout(timer);
  });
};

/** Waits `ms` milliseconds, or until `signal` aborts. Leaves neither a timer nor a listener behind. */
export const sleepUnlessAborted = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, signal.aborted ? 0 : ms);
    signal.addEventListener("abort", wake);
  });

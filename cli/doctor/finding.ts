/** What a check comes to. */

/** `skip`: nothing was looked at, for want of an option or because of what another check found. */
export type Status = "ok" | "skip" | "warn" | "fail";

export interface Finding {
  readonly status: Status;
  /** What was seen. */
  readonly seen: string;
  /** What to do about it. */
  readonly todo?: string;
}

export const ok = (seen: string): Finding => ({ status: "ok", seen });

export const skip = (seen: string, todo?: string): Finding => ({
  status: "skip",
  seen,
  ...(todo !== undefined && { todo }),
});

export const warn = (seen: string, todo: string): Finding => ({ status: "warn", seen, todo });

export const fail = (seen: string, todo: string): Finding => ({ status: "fail", seen, todo });

/** Ends a check from within, with what it found. */
export class Verdict extends Error {
  override readonly name = "Verdict";
  constructor(readonly finding: Finding) {
    super(finding.seen);
  }
}

/**
 * Waits for what another check reports on.
 *
 * @param name - of that check.
 * @throws Verdict `skip` if it failed: a fault is reported once.
 */
export const needed = async <T>(work: Promise<T>, name: string): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Verdict && error.finding.status === "skip") throw error;
    throw new Verdict(skip(`see ${name}`));
  }
};

/** The finding of a check. */

/** `skip` means that the check did not run, because an option is missing or because of the finding of another check. */
export type Status = "ok" | "skip" | "warn" | "fail";

/** The result of one check, for people. */
export interface Finding {
  readonly status: Status;
  /** The observation. */
  readonly seen: string;
  /** The advice to the operator. */
  readonly todo?: string;
  /** The median of what was timed, in milliseconds, for programs. */
  readonly p50Ms?: number;
}

/** Each of these four makes a finding. A warning or failure needs advice, a skipped check may have some. */
export const ok = (seen: string): Finding => ({ status: "ok", seen });

export const skip = (seen: string, todo?: string): Finding => ({
  status: "skip",
  seen,
  ...(todo !== undefined && { todo }),
});

export const warn = (seen: string, todo: string): Finding => ({ status: "warn", seen, todo });

export const fail = (seen: string, todo: string): Finding => ({ status: "fail", seen, todo });

/** Ends a check early, with its finding. */
export class Verdict extends Error {
  override readonly name = "Verdict";
  constructor(readonly finding: Finding) {
    super(finding.seen);
  }
}

/**
 * Waits for work that another check reports on.
 *
 * @param name - of that check.
 * @throws Verdict `skip` if the work failed, so that each fault is reported once.
 */
export const needed = async <T>(work: Promise<T>, name: string): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Verdict && error.finding.status === "skip") throw error;
    throw new Verdict(skip(`see ${name}`));
  }
};

/** Why a request failed, in words that a person can act on. */

/** `offline`: no answer came. `unauthorized`: the token is not that of this start. Others are codes of the functions. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Codes that are not the function's own word: it may have run. */
const UNTOLD: readonly string[] = ["offline", "broken", "internal", "unreachable"];

/** Whether nobody knows if what was asked for was done. */
export const isUntold = ({ code }: Failure): boolean => UNTOLD.includes(code);

/** Anything thrown, as a failure. */
export const failureOf = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure("broken", error instanceof Error ? error.message : String(error));

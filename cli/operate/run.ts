/** The type of a way to run functions of the app, on a deployment or on the local server, and the ways in which a command fails. */

/**
 * The server refused the call, or could not be asked; the exit code is 1. `message` is the whole explanation for people, and empty if it
 * has been printed.
 */
export class Failure extends Error {
  override readonly name: string = "Failure";
}

/** A wrong use of the command; the exit code is 2. `message` says how to use it. */
export class UsageError extends Failure {
  override readonly name = "UsageError";
}

/** Runs a function by its name and returns its value. The type of the value is not checked. @throws Failure */
export type Run = <T>(name: string, args: object) => Promise<T>;

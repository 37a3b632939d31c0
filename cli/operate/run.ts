/** Running a function of the app, wherever that is. */

/** The server refused, or could not be asked. `message` is for people and says all there is to say. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Runs a function and gives its value. @throws Failure */
export type Run = <T>(name: string, args: object) => Promise<T>;

/** The type of a way to run functions of the app, on a deployment or on the local server. */

/** The server refused the call, or could not be asked. `message` is the whole explanation for people. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Runs a function, named like `toolgate/admin:listKeys`, and returns its value. The type of the value is not checked. @throws Failure */
export type Run = <T>(name: string, args: object) => Promise<T>;

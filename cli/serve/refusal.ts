/** A call that the app refused, or that named an unknown function. Not a fault of the server. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

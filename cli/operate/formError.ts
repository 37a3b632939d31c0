/** A text of a person that is not in the form it should be in. The message says the form; it is shown as it is. */
export class FormError extends Error {
  override readonly name = "FormError";
}

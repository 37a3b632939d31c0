/** Carries values that are already JSON text. This saves parsing a text only to write it again. */

/** A JSON text that stands for its value. It is not checked that `text` is valid JSON. */
export class JsonText {
  constructor(readonly text: string) {}

  /** `JSON.stringify` calls this wherever the text is not a direct member of the object that `objectText` writes. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

const isReady = (value: unknown): value is JsonText => value instanceof JsonText;

const memberText = ([name, value]: [string, unknown]): string =>
  `${JSON.stringify(name)}:${isReady(value) ? value.text : JSON.stringify(value)}`;

/** The same as `JSON.stringify(object)`, but each direct member that is a `JsonText` is copied as it is. */
export const objectText = (object: object): string =>
  Object.values(object).some(isReady)
    ? `{${Object.entries(object)
        .filter(([, value]) => value !== undefined)
        .map(memberText)
        .join(",")}}`
    : JSON.stringify(object);

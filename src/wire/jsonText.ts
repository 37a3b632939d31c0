/** Values that are JSON text already: what has been written once is not parsed, only to be written again. */

/** A JSON text in the place of the value it stands for. */
export class JsonText {
  constructor(readonly text: string) {}

  /** Where it is no member of what `objectText` writes. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

const isReady = (value: unknown): value is JsonText => value instanceof JsonText;

const memberText = ([name, value]: [string, unknown]): string =>
  `${JSON.stringify(name)}:${isReady(value) ? value.text : JSON.stringify(value)}`;

/** JSON.stringify of an object; the `JsonText`s among its members are taken as they are. */
export const objectText = (object: object): string =>
  Object.values(object).some(isReady)
    ? `{${Object.entries(object)
        .filter(([, value]) => value !== undefined)
        .map(memberText)
        .join(",")}}`
    : JSON.stringify(object);

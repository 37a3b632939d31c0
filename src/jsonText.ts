/** Values that are JSON text already: what the catalog has written once is not parsed by every list, only to be written again. */

/** A JSON text in the place of the value it stands for; only as a member of what `objectText` writes. */
export class JsonText {
  constructor(readonly text: string) {}
}

const isReady = (value: unknown): value is JsonText => value instanceof JsonText;

const memberText = ([name, value]: [string, unknown]): string =>
  `${JSON.stringify(name)}:${isReady(value) ? value.text : JSON.stringify(value)}`;

/** JSON.stringify of an object that may have `JsonText`s among its members, but not deeper. */
export const objectText = (object: object): string =>
  Object.values(object).some(isReady)
    ? `{${Object.entries(object)
        .filter(([, value]) => value !== undefined)
        .map(memberText)
        .join(",")}}`
    : JSON.stringify(object);

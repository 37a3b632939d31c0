/** Carries values that are already JSON text. This saves parsing a text only to write it again. */

/** A JSON text that stands for its value. It is not checked that `text` is valid JSON. */
export class JsonText {
  constructor(readonly text: string) {}

  /** `JSON.stringify` calls this wherever the text is not a direct member of the object that `objectText` writes. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** The same as `JSON.stringify(object)`, but each direct member that is a `JsonText` is copied as it is. */
export const objectText = (object: object): string => {
  let members = "";
  for (const name of Object.keys(object)) {
    const value = (object as Record<string, unknown>)[name];
    if (value === undefined) continue;
    const text = value instanceof JsonText ? value.text : JSON.stringify(value);
    members += `${members === "" ? "" : ","}${JSON.stringify(name)}:${text}`;
  }
  return `{${members}}`;
};

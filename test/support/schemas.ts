/** Holds documents against the official schemas of test/schemas. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";

const FOLDER = path.resolve(import.meta.dirname, "../schemas");

const settings = { strict: false, validateFormats: false, allErrors: true } as const;

/**
 * Checks a document.
 *
 * @param name - of the schema, such as `server-card`.
 * @param definition - the name of the part that describes the document, if it is not the whole.
 * @returns what is wrong, a line each. The formats of texts are not looked at.
 */
export const faultsAgainst = (name: string, document: unknown, definition?: string): string[] => {
  const schema = JSON.parse(
    readFileSync(path.join(FOLDER, `${name}.schema.json`), "utf8"),
  ) as Record<string, string>;
  const ajv = schema.$schema?.includes("2020-12") ? new Ajv2020(settings) : new Ajv(settings);
  ajv.addSchema(schema, name);
  const validate = ajv.getSchema(definition === undefined ? name : `${name}#/$defs/${definition}`);
  if (validate === undefined) throw new Error(`${name} has no ${String(definition)}`);
  void validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

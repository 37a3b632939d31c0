/** A company without customers, and lines to import. */
import { rows, type Backend } from "../../support/gate";
import { finish } from "../../support/streamClient";

interface Report {
  lines: number;
  imported: number;
  existing: number;
  failed: number;
  errors: { line: number; message: string }[];
}

export const runImport = async (t: Backend, key: string, lines: string): Promise<Report> => {
  const result = await finish(t, key, "customers_import", { lines });
  if (result.isError) throw new Error(result.content[0]!.text);
  return result.structuredContent as unknown as Report;
};

export const person = (n: number) => ({ name: `Person ${n}`, email: `person-${n}@example.com` });
export const linesOf = (values: readonly unknown[]) =>
  values.map((value) => JSON.stringify(value)).join("\n");
export const people = (count: number) =>
  linesOf(Array.from({ length: count }, (_, n) => person(n)));

export const emails = async (t: Backend) => (await rows(t, "customers")).map(({ email }) => email);

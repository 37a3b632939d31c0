/** Commands that are told to ask the local server. */
import { command } from "./command";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads answers as JSON
export type Json = any;

export const local = (...line: string[]) => command([...line, "--local"]);

/** The answer of a command that has one. */
export const answer = async (...line: string[]): Promise<Json> => {
  const { code, stdout, stderr } = await local(...line, "--json");
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

/** A new key, with these options beside what every key needs. */
export const createKey = (...line: string[]): Promise<Json> =>
  answer("keys", "create", "--tenant", "acme", "--role", "sales", "--name", "Claude", ...line);

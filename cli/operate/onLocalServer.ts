/** Runs functions on the local server that runs in this folder. */
import { readState } from "../stateFile";
import { Failure, type Run } from "./run";

const NOT_RUNNING =
  "No local server runs in this folder: start one with `npm start`, or leave --local out.";

interface Answer {
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * Finds the local server by its state file; the newest, if several run in this folder.
 *
 * @returns the URL of its operator's route, and a `Run` that calls it.
 * @throws Failure if there is no state file, or if the server takes no commands. `run` throws one if the server has stopped.
 */
export const onLocalServer = async (): Promise<{ url: string; run: Run }> => {
  const state = await readState();
  if (state === undefined) throw new Failure(NOT_RUNNING);
  const { admin } = state;
  if (admin === undefined)
    throw new Failure("The local server takes no commands: its HOST is public");
  const post = async (body: object): Promise<Answer> => {
    const headers = {
      Authorization: `Bearer ${admin.token}`,
      "Content-Type": "application/json",
    };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await fetch(admin.url, init).catch(() => {
      throw new Failure(NOT_RUNNING);
    });
    return (await response.json()) as Answer;
  };
  const run: Run = async <T>(name: string, args: object) => {
    const { value, error } = await post({ function: name, args });
    if (error !== undefined) throw new Failure(`${error.code}: ${error.message}`);
    return value as T;
  };
  return { url: admin.url, run };
};

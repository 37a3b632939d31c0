/** Prints findings. */
import { jsonText, print, printable } from "../operate/print";
import type { Examined } from "./examine";
import type { Status } from "./finding";

/** The width of the longest name. */
const NAME_WIDTH = "server/discover".length;

/** Prints a finding as one line, and its advice as a second. Text from others is made printable, so it cannot steer the terminal. */
export const printFinding = ({ status, name, seen, todo }: Examined): void => {
  print(`${status.padEnd(4)}  ${name.padEnd(NAME_WIDTH)}  ${printable(seen)}`);
  if (todo !== undefined) print(`      ${printable(todo)}`);
};

const STATUSES: readonly Status[] = ["ok", "skip", "warn", "fail"];

/** Prints one line with the number of findings of each status. */
export const printSummary = (all: readonly Examined[]): void => {
  const count = (wanted: Status) => all.filter(({ status }) => status === wanted).length;
  print(`\n${STATUSES.map((status) => `${count(status)} ${status}`).join(", ")}`);
};

/** Prints all findings as one JSON document. The URL is printed without its query. */
export const printJson = (url: URL, checks: readonly Examined[]): void => {
  print(jsonText({ url: url.origin + url.pathname, checks }, 2));
};

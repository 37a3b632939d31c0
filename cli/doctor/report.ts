/** How findings are shown. */
import { print, printable } from "../operate/print";
import type { Examined } from "./examine";
import type { Status } from "./finding";

/** The width of the longest name. */
const NAME_WIDTH = "server/discover".length;

/** One line, and one more with what to do. Other people's text must not steer the terminal. */
export const printFinding = ({ status, name, seen, todo }: Examined): void => {
  print(`${status.padEnd(4)}  ${name.padEnd(NAME_WIDTH)}  ${printable(seen)}`);
  if (todo !== undefined) print(`      ${printable(todo)}`);
};

const STATUSES: readonly Status[] = ["ok", "skip", "warn", "fail"];

/** How many there are of each, in one line. */
export const printSummary = (all: readonly Examined[]): void => {
  const count = (wanted: Status) => all.filter(({ status }) => status === wanted).length;
  print(`\n${STATUSES.map((status) => `${count(status)} ${status}`).join(", ")}`);
};

/** Everything as one JSON document. */
export const printJson = (url: URL, checks: readonly Examined[]): void => {
  print(JSON.stringify({ url: url.origin + url.pathname, checks }, null, 2));
};

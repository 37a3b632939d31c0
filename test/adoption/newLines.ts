/** Counts what an app gets written: the lines of its files that are new. */

/** File → text. */
type Sources = Readonly<Record<string, string>>;

const linesOf = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

const added = (before: string, after: string): number => {
  const left = linesOf(before);
  return linesOf(after).filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
};

/** How many lines of `after` are new, whatever was moved. Blank ones do not count. */
export const newLines = (before: Sources, after: Sources): number =>
  Object.entries(after).reduce((sum, [file, text]) => sum + added(before[file] ?? "", text), 0);

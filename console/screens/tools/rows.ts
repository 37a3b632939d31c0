/** The tools with what the chosen key sees of each. */
import type { SeenTools } from "../../../src/operate/seenTools";
import type { Tool } from "./shapes";

type SeenTool = SeenTools["tools"][number];

export interface Row {
  readonly tool: Tool;
  /** Absent while no key is chosen. */
  readonly seen?: SeenTool;
}

const matches = ({ name, title }: Tool, text: string): boolean =>
  `${name} ${title}`.toLowerCase().includes(text.toLowerCase());

/** Those that the key sees come first; each group stays in the order of the registry. */
export const rowsOf = (
  tools: readonly Tool[],
  seen: readonly SeenTool[] | undefined,
  text: string,
): Row[] => {
  const sights = new Map(seen?.map((sight) => [sight.name, sight]));
  const rows = tools
    .filter((tool) => matches(tool, text))
    .map((tool): Row => {
      const sight = sights.get(tool.name);
      return { tool, ...(sight !== undefined && { seen: sight }) };
    });
  const isHidden = (row: Row): boolean => row.seen?.allowed === false;
  return [...rows.filter((row) => !isHidden(row)), ...rows.filter(isHidden)];
};

/** What clients are told of a tool's effect, in words. */
export const effectOf = ({ readOnlyHint, destructiveHint }: Tool["annotations"]): string => {
  if (readOnlyHint) return "reads";
  return destructiveHint ? "writes, may destroy" : "writes";
};

export const hintsOf = (
  annotations: Tool["annotations"],
): readonly (readonly [name: string, value: string])[] => [
  ["Effect", effectOf(annotations)],
  ["Repeated", annotations.idempotentHint ? "does no more than once" : "does it again"],
  ["Reaches", annotations.openWorldHint ? "beyond this app" : "this app alone"],
];

const APPROVAL: Readonly<Record<SeenTool["approval"], string | undefined>> = {
  never: undefined,
  always: "waits for approval",
  depends: "may wait for approval",
};

export const approvalOf = ({ approval }: SeenTool): string | undefined => APPROVAL[approval];

/** What `check` finds out about an app, as data. `--json` prints it as it is. */
import type { JsonSchema } from "../../src/catalog/jsonSchema";
import type { Entry } from "../app/entries";
import type { Unread } from "../app/evaluate";
import type { Weight } from "../app/app";

/** How a text begins that nobody has written yet. */
export const PLACEHOLDER = "TODO:";

/** Something that must be put right. */
export interface Fault {
  /** The tool or the file that has it. */
  readonly where: string;
  /** What is wrong. */
  readonly what: string;
  /** What to do: a sentence, or lines to add. */
  readonly fix?: string | undefined;
}

/** A tool as `tools/list` has it. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations: Readonly<Record<string, boolean | string | undefined>>;
}

/** A tool that an app has bound. */
export interface CheckedTool {
  readonly entry: Entry;
  /** Absent if it cannot be described, and so cannot be listed. */
  readonly listed?: ListedTool | undefined;
}

export interface Report {
  readonly tools: readonly CheckedTool[];
  readonly faults: readonly Fault[];
  /** What is no fault, but worth knowing. */
  readonly notes: readonly string[];
  /** Modules that cannot be evaluated here. */
  readonly unread: readonly Unread[];
  readonly http?: Weight | undefined;
}

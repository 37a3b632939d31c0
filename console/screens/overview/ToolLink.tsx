/** The name of a tool, as a link to its calls in the audit log. What is counted of all others together has no such rows. */
import type { ReactElement } from "react";
import { Link } from "wouter";
import { OTHER } from "../../../src/operate/stats/counts";

/** @param more - filters, from the `&` on. */
export const ToolLink = ({
  tool,
  more = "",
}: {
  readonly tool: string;
  readonly more?: string;
}): ReactElement =>
  tool === OTHER ? (
    <>{tool}</>
  ) : (
    <Link href={`/audit?tool=${encodeURIComponent(tool)}${more}`}>{tool}</Link>
  );

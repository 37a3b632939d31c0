/** The idempotency key in a header of a batch. It covers one message that writes. */
import { authorize, type Rights } from "../auth/rights";
import type { CallClaim } from "../middleware/guard";
import { findTool } from "../registry/registry";
import type { Tool, Tools } from "../registry/tools";

const writes = (tool: Tool | undefined): tool is Tool =>
  tool !== undefined && tool.kind !== "query";

/**
 * Whether another message of the batch is a write of this caller too, so that nobody can say which of them the key is for.
 *
 * A tool that the caller may not use does not count, or the reply would reveal that there is one.
 */
export const sharesKey = (
  tools: Tools,
  { call: { sharesKeyWith = [] }, tool }: CallClaim,
  rights: Rights | undefined,
): boolean =>
  writes(tool) &&
  sharesKeyWith.some((name) => {
    const other = findTool(tools, name);
    if (!writes(other)) return false;
    return rights === undefined || authorize(rights, { kind: "tool", name }, other);
  });

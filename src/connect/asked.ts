/** What a client asks for: the resource and the scope. */
import type { Access } from "../data/values";
import type { Incoming } from "./incoming";
import { Problem } from "./problem";

/**
 * Checks the resource that a token is to be good for (RFC 8707). Clients write it as the URL that a person has pasted, so the origin
 * alone, a slash at the end, capitals in the host and a query count as the same.
 *
 * @throws Problem `invalid_target` if it is not ours.
 */
export const checkResource = ({ origin }: Incoming, resource: string | undefined): void => {
  if (resource === undefined) return;
  const isPlain = /^https?:\/\/[^/?#@\\]+(\/(mcp\/?)?)?(\?[^#]*)?$/i.test(resource);
  if (isPlain && URL.canParse(resource) && new URL(resource).origin === origin) return;
  throw new Problem("invalid_target", `The resource must be ${origin}/mcp`);
};

/** What the page starts with: read only if the client asks for no more than that. Scopes that are unknown say nothing. */
export const accessOf = (scope = ""): Access => {
  const scopes = scope.split(" ");
  return scopes.includes("mcp:read") && !scopes.includes("mcp:write") ? "read" : "all";
};

/** The scope of a token. */
export const scopeOf = (access: Access): string =>
  access === "read" ? "mcp:read" : "mcp:read mcp:write";

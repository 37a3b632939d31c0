/** Checks the view that a tool names. */
import { find } from "../registry/entries";
import type { Resources } from "../registry/resources";
import { isViewUri, VIEW_TYPE } from "../registry/views";

/**
 * Checks that clients can show what a tool names as its view. Whether its callers may read it is not checked.
 *
 * @param name - of the tool.
 * @throws Error that names the tool if they cannot.
 */
export const requireView = (name: string, uri: string, resources: Resources): void => {
  const named = find(resources, uri);
  if (named === undefined)
    throw new Error(`Tool ${name}: its ui "${uri}" is none of the resources`);
  if (named.mimeType !== VIEW_TYPE)
    throw new Error(`Tool ${name}: its ui "${uri}" is ${named.mimeType}: bind it by view(…)`);
  if (!isViewUri(uri))
    throw new Error(`Tool ${name}: its ui "${uri}" must begin with "ui://", as views do`);
};

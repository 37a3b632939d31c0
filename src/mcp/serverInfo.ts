/** What the server says of itself. */
import { siteOrigin } from "../auth/site";
import { iconsFor, publicUrlOf } from "../registry/icons";
import type { Toolgate } from "../registry/toolgate";

/**
 * The `Implementation` of the server. Revisions before 2025-11-25 know fewer members; their schemas allow more.
 *
 * @see MCP 2026-07-28 schema, Implementation
 */
export const serverInfoOf = ({
  name,
  version,
  title,
  description,
  websiteUrl,
  icons,
}: Toolgate) => {
  const origin = siteOrigin();
  return {
    ...{ name, title, version, description },
    websiteUrl: websiteUrl && publicUrlOf(websiteUrl, origin),
    icons: iconsFor(icons, origin),
  };
};

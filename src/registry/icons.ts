/** URLs that clients are told, and icons. Light on purpose, because `http.ts` imports it: see tools.ts. */

/** An https URL, or a path of this deployment such as `/icon.png`. */
export type PublicUrl = `https://${string}` | `/${string}`;

/** An icon that clients can draw. Claude and VS Code draw PNG; no client is sent an icon as `data:`, which breaks some. */
export interface Icon {
  readonly src: PublicUrl;
  readonly mimeType?: "image/png" | "image/jpeg" | "image/svg+xml" | "image/webp";
  /** Each `48x48` or, of a format that scales, `any`. */
  readonly sizes?: readonly string[];
  /** The background that it is drawn for; any unless stated. */
  readonly theme?: "light" | "dark";
}

/** Whether a text is an https URL with a host, or a path. Directories take at most 255 characters. */
export const isPublicUrl = (text: string): boolean =>
  /^(?:https:\/\/[^/?#\s]|\/(?!\/))[^\s]*$/.test(text) && text.length <= 255;

/**
 * The whole URL, for clients.
 *
 * @param origin - of the deployment; paths are those of this origin.
 * @returns undefined unless it is https. So a path is left out on a local server.
 */
export const publicUrlOf = (url: string, origin: string | undefined): string | undefined => {
  const whole = url.startsWith("/") ? `${origin ?? ""}${url}` : url;
  return whole.startsWith("https://") ? whole : undefined;
};

/** Says what is wrong with icons; undefined if nothing is. The MCP Registry refuses the same ones. */
export const iconFault = (icons: readonly Icon[] = []): string | undefined => {
  const shown = (text: string) => JSON.stringify(text.slice(0, 80));
  for (const { src, mimeType, sizes = [] } of icons) {
    if (!isPublicUrl(src)) return `an icon has an https URL or a path, which ${shown(src)} is not`;
    if (mimeType !== undefined && !/^image\/(?:png|jpe?g|svg\+xml|webp)$/.test(mimeType))
      return `an icon is image/png, image/jpeg, image/webp or image/svg+xml, not ${shown(mimeType)}`;
    const size = sizes.find((one) => !/^(?:\d+x\d+|any)$/.test(one));
    if (size !== undefined) return `the size of an icon reads 48x48 or any, not ${shown(size)}`;
  }
  return undefined;
};

/** The icons for clients, without those that have no https URL; undefined if none is left. */
export const iconsFor = (
  icons: readonly Icon[] | undefined,
  origin: string | undefined,
): readonly object[] | undefined => {
  const shown = icons?.flatMap((icon) => {
    const src = publicUrlOf(icon.src, origin);
    return src === undefined ? [] : [{ ...icon, src }];
  });
  return shown?.length ? shown : undefined;
};

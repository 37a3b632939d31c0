/** Takes the client's look: light or dark, its colours and fonts, and how high the view may be. */
import type { HostContext } from "./host";

/** The most that a view takes of a conversation, in pixels. */
const MOST = 500;

/** Takes over what the client says; what it leaves out stays as it is. */
export const applyLook = ({ theme, styles, containerDimensions }: HostContext): void => {
  const { style } = document.documentElement;
  if (theme !== undefined) style.colorScheme = theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}))
    if (value !== undefined) style.setProperty(name, value);
  const { height, maxHeight = MOST } = containerDimensions ?? {};
  if (containerDimensions !== undefined)
    style.setProperty("--most", `${String(height ?? Math.min(MOST, maxHeight))}px`);
};

/**
 * Views: HTML pages that a client shows beside what a tool returns. A view is a resource of its own media type, and a tool names it. Light
 * on purpose, because `http.ts` imports it: see tools.ts.
 *
 * @see MCP Apps (SEP-1865), specification/2026-01-26
 */

/** The media type of every view. */
export const VIEW_TYPE = "text/html;profile=mcp-app";

/** Whether a URI may name a view: the scheme is reserved for them. */
export const isViewUri = (uri: string): boolean => uri.startsWith("ui://");

/** Origins that a view may load from, such as `https://cdn.example.com`; none unless given. */
interface Origins {
  readonly connectDomains?: readonly string[];
  readonly resourceDomains?: readonly string[];
  readonly frameDomains?: readonly string[];
  readonly baseUriDomains?: readonly string[];
}

type Device = "camera" | "microphone" | "geolocation" | "clipboardWrite";

/** What a view needs of the client that shows it. It is sent as `_meta.ui` of the resource, and its values are not checked. */
export interface ViewNeeds {
  readonly csp?: Origins;
  /** The devices that it asks for: `{ clipboardWrite: {} }`. A client may refuse. */
  readonly permissions?: Readonly<Partial<Record<Device, Readonly<Record<string, never>>>>>;
  /** An origin of its own. The form is each client's. */
  readonly domain?: string;
  /** Whether the client draws a border and a background around it. Default: as the client likes. */
  readonly prefersBorder?: boolean;
}

type Meta = Readonly<Record<string, unknown>>;

/**
 * The members of a tool's `_meta` that name its view. The flat one is of an early draft, and clients still read it.
 *
 * @see MCP Apps 2026-01-26, "Resource Discovery"
 */
export const viewMeta = (uri: string) => ({ ui: { resourceUri: uri }, "ui/resourceUri": uri });

/** A tool's `_meta` without its view; undefined if nothing is left. */
export const withoutView = (meta: Meta = {}): Meta | undefined => {
  const { ui: _ui, "ui/resourceUri": _flat, ...rest } = meta;
  return Object.keys(rest).length === 0 ? undefined : rest;
};

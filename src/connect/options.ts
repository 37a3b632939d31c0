/** How an app turns OAuth on. */
import type { Texts } from "./pages/texts";

/** The options of `connect`. */
export interface ConnectOptions {
  /**
   * A page of the app on which its signed-in user consents. The browser gets there with `?request=…`, which goes to
   * `approveConnection` as it is. Without it the library shows a page of its own that asks for an API key.
   */
  readonly consentPage?: string;
  /** Turns the device flow on (RFC 8628), for agents that can show a link and a code but get no redirect. */
  readonly device?: true;
  /** Where the endpoints of OAuth are. Default: `/oauth`. */
  readonly prefix?: string;
  /** Texts of the pages in place of the library's, in another language for example. */
  readonly texts?: Partial<Texts>;
  /** A picture at the head of the pages, as a `data:` URL of an image, such as `data:image/svg+xml;base64,…`. */
  readonly logo?: string;
}

/** Where the endpoints of OAuth are. */
export const prefixOf = ({ prefix = "/oauth" }: ConnectOptions): string => prefix;

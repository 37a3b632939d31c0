/** What the dispatcher needs to know of a protocol era. */
import type { Method } from "../dispatcher";
import type { McpServer } from "../server";

export interface Era {
  /** The revision the request is spoken in. */
  readonly version: string;
  /** The methods this era has. */
  readonly methods: Readonly<Record<string, Method>>;
  /** The HTTP status of a reply to an unknown method. */
  readonly unknownMethodStatus: 200 | 404;
  /** Adds to a result what results of this era carry. */
  readonly finish: (result: object, method: string, server: McpServer) => object;
}

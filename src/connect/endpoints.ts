/** The paths under the prefix. */
import { prefixOf, type ConnectOptions } from "./options";
import type { Route } from "./serve";

/** Path → what it answers. */
export const endpointsOf = (options: ConnectOptions): ReadonlyMap<string, Route> => {
  const prefix = prefixOf(options);
  const routes: [string, Route][] = [];
  return new Map(routes.map(([name, route]) => [`${prefix}/${name}`, route]));
};

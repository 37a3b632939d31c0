/** The paths under the prefix. */
import { authorize } from "./authorize";
import { decide } from "./decide";
import { device, startDevice } from "./device";
import { decideDevice } from "./decideDevice";
import { prefixOf, type ConnectOptions } from "./options";
import { tellInJson } from "./problem";
import { register } from "./register";
import { revoke } from "./revoke";
import type { Route } from "./serve";
import { token } from "./token";
import { tellOnPage } from "./views";

type Work = NonNullable<Route["POST"]>;

const open = (POST: Work): Route => ({ POST, isOpen: true, tell: tellInJson });

const page = (GET: Work, POST: Work): Route => ({
  ...{ GET, POST, isOpen: false },
  tell: tellOnPage,
});

/** Path → what it answers. */
export const endpointsOf = (options: ConnectOptions): ReadonlyMap<string, Route> => {
  const prefix = prefixOf(options);
  const routes: [string, Route][] = [
    ["register", open(register)],
    ["authorize", page(authorize, decide)],
    ["token", open(token)],
    ["revoke", open(revoke)],
  ];
  if (options.device)
    routes.push(
      ["device_authorization", open(startDevice)],
      ["device", page(device, decideDevice)],
    );
  return new Map(routes.map(([name, route]) => [`${prefix}/${name}`, route]));
};

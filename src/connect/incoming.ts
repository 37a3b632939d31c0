/** A request to one of the pages and endpoints of OAuth. */
import { PEPPER_HELP, type Pepper } from "../auth/pepper";
import type { Toolgate } from "../registry/toolgate";
import type { Runner } from "../runner/runner";
import type { ConnectOptions } from "./options";
import { Problem } from "./problem";

export interface Incoming {
  readonly app: Toolgate;
  readonly options: ConnectOptions;
  readonly runner: Runner;
  readonly request: Request;
  readonly url: URL;
  /** Of this deployment. It is the issuer. */
  readonly origin: string;
  readonly peppers: readonly Pepper[];
}

/** @throws Problem 503 if the deployment has no pepper, since nothing can be signed then. */
export const checkPeppers = ({ peppers }: Pick<Incoming, "peppers">): void => {
  if (peppers.length > 0) return;
  throw new Problem("temporarily_unavailable", `OAuth is off on this deployment: ${PEPPER_HELP}`, {
    status: 503,
    told: { text: "off" },
  });
};

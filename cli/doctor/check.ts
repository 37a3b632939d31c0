/** One thing that is looked at. */
import type { Deployment } from "./deployment";
import type { Finding } from "./finding";

export interface Check {
  /** As it is printed. */
  readonly name: string;
  /** Looks. @throws Verdict or NoReply, each of which is a finding */
  readonly run: (deployment: Deployment) => Finding | Promise<Finding>;
}

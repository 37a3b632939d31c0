/** One check of the doctor. */
import type { Deployment } from "./deployment";
import type { Finding } from "./finding";

export interface Check {
  /** The printed name. */
  readonly name: string;
  /** Runs the check. @throws Verdict or NoReply, which become the finding. */
  readonly run: (deployment: Deployment) => Finding | Promise<Finding>;
}

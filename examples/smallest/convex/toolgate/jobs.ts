/** Stores the state of long operations and of open streams. (toolgate 0.2.0) */
import { jobsModule } from "toolgate/jobs";
import { app } from "./tools";
export const { answer, ask, cancel, cancelRequest, changes, claim, expire, finish, get, isCancelled, renew, renewLease, report, respond, responses, stop, sweep, watch } = jobsModule(app);

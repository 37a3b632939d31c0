/** Stores the state of long operations and of open streams. */
import { jobsModule } from "../../src/entry/jobs";
import { app } from "./tools";

// prettier-ignore
export const { answer, ask, cancel, cancelRequest, changes, claim, expire, finish, get, isCancelled, renew, renewLease, report, respond, responses, stop, sweep, watch } = jobsModule(app);

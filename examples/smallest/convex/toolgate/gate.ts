/** Decides whether a call may run. (toolgate 0.2.0) */
import { gateModule } from "toolgate/gate";
import { chain } from "./chain";
import { app } from "./tools";
export const { admit, rehearse } = gateModule(app, chain);

/** Decides whether a call may run. */
import { gateModule } from "../../src/entry/gate";
import { chain } from "./chain";
import { app } from "./tools";

export const { admit, rehearse } = gateModule(app, chain);

/** Stores the connections of agents that come in by OAuth. */
import { connectModule } from "../../src/entry/connections";
import { app } from "./tools";

// prettier-ignore
export const { approve, decideDevice, document, keepDocument, prove, revoke, startDevice, token } = connectModule(app);

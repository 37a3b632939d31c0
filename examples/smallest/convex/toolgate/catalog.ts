/** Describes the tools. Add each module with a function that tools.ts binds. (toolgate 0.2.0) */
import { catalogModule } from "toolgate/catalog";
import { app } from "./tools";
import * as notes from "../notes";
export const { list, explain } = catalogModule(app, { notes });

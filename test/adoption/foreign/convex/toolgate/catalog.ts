import { catalogModule } from "toolgate/catalog";
import * as notes from "../notes";
import { app } from "./tools";

export const { list, explain } = catalogModule(app, { notes });

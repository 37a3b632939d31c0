import { explaining, listing } from "../../../src/catalog/catalog";
import * as asking from "./asking";
import * as forms from "./forms";
import * as long from "./long";
import * as schemas from "./schemas";
import { internalQuery } from "./server";
import * as short from "./short";
import * as toggles from "./toggles";
import { tools } from "./tools";

const modules = { asking, forms, long, schemas, short, toggles };

export const list = internalQuery(listing({ tools, modules }));

export const explain = internalQuery(explaining({ tools, modules }));

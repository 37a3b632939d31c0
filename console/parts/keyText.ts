/** A key in words. */
import { visibleLine } from "../text/plain";

/** The name with the end of the id, since names are not unique; without a name the id. */
export const keyText = (keyId: string, name: string | undefined): string =>
  name === undefined ? keyId : `${visibleLine(name)} (…${keyId.slice(-4)})`;

/** What a caller may do at this moment, for what goes on after its call was let in. */
import type { GateReader } from "./dataModel";
import { findKey } from "./keys/credential";
import { permissionsOf, type Rights } from "./middleware/rbac";
import type { Principal } from "./principal";

/** What the caller's role and key allow now, read from the database. */
export const rightsOf = async (db: GateReader, { role, keyId }: Principal): Promise<Rights> => ({
  permissions: await permissionsOf(db, role),
  tools: (await findKey(db, keyId))?.tools,
});

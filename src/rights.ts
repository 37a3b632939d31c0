/** What a caller may do at this moment, for what goes on after its call was let in. */
import type { Doc, GateReader } from "./dataModel";
import { permissionsOf, type Rights } from "./middleware/rbac";
import type { Principal } from "./principal";

/** What the caller's role allows now, narrowed by the caller's key as it is now. */
export const rightsOf = async (
  db: GateReader,
  { role }: Principal,
  key: Doc<"mcpKeys"> | null,
): Promise<Rights> => ({ permissions: await permissionsOf(db, role), tools: key?.tools });

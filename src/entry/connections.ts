/**
 * The door for `connect.ts` of the glue, the database half of OAuth; and for an app whose own signed-in users approve connections.
 */
import { internalMutationGeneric, internalQueryGeneric } from "convex/server";
import { approve } from "../grants/approve";
import { decideDevice, startDevice } from "../grants/device";
import { document, keepDocument } from "../grants/documents";
import { prove } from "../grants/prove";
import { revoke } from "../grants/revoke";
import { token } from "../grants/token";
export {
  approveConnection,
  createUserKey,
  denyConnection,
  describeConnection,
  listConnections,
  revokeConnection,
  type Approval,
  type Described,
  type UserKey,
} from "../grants/own";
export { endAccess, type EndedAccess, type Leaving } from "../operate/endAccess";
export type { ConnectionInfo } from "../operate/connections";
import type { Toolgate } from "../registry/toolgate";

/**
 * The functions behind the pages and endpoints of OAuth. All are internal, so no client can call them.
 *
 * @returns the exports of `connect.ts`.
 */
export const connectModule = (app: Toolgate) => ({
  prove: internalMutationGeneric(prove(app)),
  approve: internalMutationGeneric(approve(app)),
  token: internalMutationGeneric(token(app)),
  revoke: internalMutationGeneric(revoke),
  startDevice: internalMutationGeneric(startDevice),
  decideDevice: internalMutationGeneric(decideDevice(app)),
  document: internalQueryGeneric(document),
  keepDocument: internalMutationGeneric(keepDocument),
});

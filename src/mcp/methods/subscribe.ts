/**
 * resources/subscribe and resources/unsubscribe of the 2025 revisions.
 *
 * They are accepted for a resource that the caller may read, and nothing comes of them: `notifications/resources/updated` would
 * need a standing GET stream, which would hold one of Convex's action slots for every idle client. So the capability is not
 * announced, and clients read again. Revision 2026-07-28 has `subscriptions/listen` instead.
 *
 * @see MCP 2025-11-25 server/resources, Subscriptions
 */
import type { Handle } from "../exchange";

/** Admission has refused a URI that is no resource for the caller, with -32002. */
export const acceptSubscription: Handle = () => Promise.resolve({});

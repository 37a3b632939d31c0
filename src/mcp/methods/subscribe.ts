/**
 * Answers resources/subscribe and resources/unsubscribe of the 2025 revisions.
 *
 * Both are accepted for a resource that the caller may read, and have no effect. `notifications/resources/updated` would need a
 * standing GET stream, and each idle client would then occupy one of Convex's concurrent actions. So the capability is not announced,
 * and clients read again. Revision 2026-07-28 has `subscriptions/listen` instead.
 *
 * @see MCP 2025-11-25 server/resources, Subscriptions
 */
import type { Handle } from "../exchange";

/** Answers with an empty result. The admission has already refused a URI that is not a resource for this caller, with -32002. */
export const acceptSubscription: Handle = () => Promise.resolve({});

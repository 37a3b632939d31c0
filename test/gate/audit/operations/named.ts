/** The operation that a result and an audit row name. */
import type { Reply } from "../../../support/gate";

export const OPERATION = "toolgate/operation";
export const ORIGINAL = "toolgate/original";
export const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

export const metaOf = ({ json }: Reply) => (json.result?._meta ?? {}) as Record<string, unknown>;

/** The check `well-known`: clients look for OAuth metadata there before they use a key. */
import { describe, typeOf } from "../answer";
import type { Check } from "../check";
import { fail, ok } from "../finding";
import { RESOURCE_PATH } from "../oauth";

const TODO =
  "Clients stumble over an answer that is no JSON: route /.well-known/ as convex/http.ts does.";

/** The answer is JSON, whether there is such metadata or not. */
export const wellKnown: Check = {
  name: "well-known",
  run: async ({ read }) => {
    const reply = await read(RESOURCE_PATH);
    const isFine = typeOf(reply) === "application/json" && [200, 404].includes(reply.status);
    return isFine ? ok(`HTTP ${reply.status} as JSON`) : fail(describe(reply), TODO);
  },
};

/** The check `well-known`: clients look for OAuth metadata there before they use a key. */
import { describe, typeOf } from "../answer";
import type { Check } from "../check";
import { fail, ok } from "../finding";

const TODO =
  "Clients stumble over an answer that is no JSON: route /.well-known/ as convex/http.ts does.";

/** The server has no such metadata, and its answer must say so in JSON. */
export const wellKnown: Check = {
  name: "well-known",
  run: async ({ ask, target: { url } }) => {
    const place = new URL("/.well-known/oauth-protected-resource", url);
    const reply = await ask({ method: "GET" }, place);
    const isFine = typeOf(reply) === "application/json" && [200, 404].includes(reply.status);
    return isFine ? ok(`HTTP ${reply.status} as JSON`) : fail(describe(reply), TODO);
  },
};

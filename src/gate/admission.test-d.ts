/** Chains that must not compile. tsc checks this file: an `@ts-expect-error` without an error below it is an error itself. */
import { apiKeyAuth } from "../middleware/apiKeyAuth";
import { compose } from "../middleware/compose";
import type { Guard, Middleware } from "../middleware/guard";
import { originCheck } from "../middleware/originCheck";
import { rateLimit } from "../middleware/rateLimit";
import { rbac } from "../middleware/rbac";
import type { Toolgate } from "../registry/toolgate";
import { admission } from "./admission";

const origin = originCheck({ allowedOrigins: () => undefined, siteUrl: () => undefined });
const limit = rateLimit({ scale: () => undefined });
const auth = apiKeyAuth();
const roles = rbac();
const respond = () => Promise.resolve(new Response());

/** The documented order. */
compose(origin, limit, auth, roles)(respond);

/** A rate limit further in compiles too. It then does not count failures. */
compose(origin, auth, limit, roles)(respond);

/** A handler may read the evidence of the guards. */
compose(
  origin,
  limit,
  auth,
  roles,
)((ctx) => Promise.resolve(new Response(String(ctx.evidence.credential.hashes.length))));

// @ts-expect-error rbac reads the principal, which apiKeyAuth adds further in
compose(origin, limit, roles, auth)(respond);

// @ts-expect-error no guard adds a principal
compose(origin, roles)(respond);

// @ts-expect-error rateLimit reads a principal from the verdict of the guards further in, and none adds one
compose(origin, limit)(respond);

compose(origin)((ctx) =>
  // @ts-expect-error no guard gathers a credential
  Promise.resolve(new Response(String(ctx.evidence.credential.hashes.length))),
);

/** An app writes a middleware of its own in three lines. */
const requestId: Middleware<object, { requestId: string }> = (_ctx, _request, next) =>
  next({ requestId: crypto.randomUUID() });

compose(requestId, origin)((ctx) => Promise.resolve(new Response(ctx.requestId)));

// @ts-expect-error no middleware adds requestId
compose(origin)((ctx) => Promise.resolve(new Response(ctx.requestId)));

const readsRequestId: Middleware<{ requestId: string }> = (ctx, request, next) =>
  ctx.requestId === request.url ? next({}) : respond();

compose(requestId, readsRequestId)(respond);

// @ts-expect-error requestId is added further in
compose(readsRequestId, requestId)(respond);

/** An app's own guard may read the principal that apiKeyAuth adds. */
const onlyAcme: Guard<object, { principal: { tenant: string } }> = {
  decide: (_tx, { principal }, next) =>
    principal.tenant === "acme"
      ? next({})
      : Promise.resolve({
          refusal: { kind: "refused", reason: "tenant", status: 403, message: "Not here" },
        }),
};

compose(origin, limit, auth, onlyAcme, roles)(respond);

// @ts-expect-error onlyAcme reads the principal, which apiKeyAuth adds further in
compose(origin, limit, onlyAcme, auth, roles)(respond);

declare const app: Toolgate;

admission(app, [origin, limit, auth, roles]);

// @ts-expect-error the admission checks the chain in the same way as compose
admission(app, [origin, limit, roles, auth]);

/** What must not compile. Checked by tsc: an `@ts-expect-error` that finds no error is one. */
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

/** A limiter further in works too; it only does not count failures. */
compose(origin, auth, limit, roles)(respond);

/** A handler reads the evidence of the guards. */
compose(
  origin,
  limit,
  auth,
  roles,
)((ctx) => Promise.resolve(new Response(ctx.evidence.credential.keyId)));

// @ts-expect-error rbac reads the principal that apiKeyAuth adds further in
compose(origin, limit, roles, auth)(respond);

// @ts-expect-error nobody adds a principal
compose(origin, roles)(respond);

// @ts-expect-error the limiter wants to see a principal in the verdict of those further in
compose(origin, limit)(respond);

// @ts-expect-error nobody gathered a credential
compose(origin)((ctx) => Promise.resolve(new Response(ctx.evidence.credential.keyId)));

/** Three lines make a middleware of one's own. */
const requestId: Middleware<object, { requestId: string }> = (_ctx, _request, next) =>
  next({ requestId: crypto.randomUUID() });

compose(requestId, origin)((ctx) => Promise.resolve(new Response(ctx.requestId)));

// @ts-expect-error nobody added requestId
compose(origin)((ctx) => Promise.resolve(new Response(ctx.requestId)));

const readsRequestId: Middleware<{ requestId: string }> = (ctx, request, next) =>
  ctx.requestId === request.url ? next({}) : respond();

compose(requestId, readsRequestId)(respond);

// @ts-expect-error requestId is added further in
compose(readsRequestId, requestId)(respond);

/** A guard of one's own that reads what apiKeyAuth adds. */
const onlyAcme: Guard<object, { principal: { tenant: string } }> = {
  decide: (_tx, { principal }, next) =>
    principal.tenant === "acme"
      ? next({})
      : Promise.resolve({
          refusal: { kind: "refused", reason: "tenant", status: 403, message: "Not here" },
        }),
};

compose(origin, limit, auth, onlyAcme, roles)(respond);

// @ts-expect-error onlyAcme stands outside the guard that adds the principal
compose(origin, limit, onlyAcme, auth, roles)(respond);

declare const app: Toolgate;

admission(app, [origin, limit, auth, roles]);

// @ts-expect-error the admission checks the chain like compose does
admission(app, [origin, limit, roles, auth]);

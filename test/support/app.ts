/// <reference types="vite/client" />
/** The one way in which tests put an app together: the ERP's glue, around tools, a chain or functions of the test's own. */
import { getFunctionName, httpRouter } from "convex/server";
import { httpAction } from "../../convex/_generated/server";
import { chain as erpChain } from "../../convex/toolgate/chain";
import { app as erp } from "../../convex/toolgate/tools";
import type { ActionCtx } from "../../src/data/database";
import { adminModule } from "../../src/entry/admin";
import { catalogModule } from "../../src/entry/catalog";
import { connectModule } from "../../src/entry/connections";
import { connect, type Connect, type ConnectOptions } from "../../src/entry/connect";
import { gateModule } from "../../src/entry/gate";
import { compose, mcp, registerRoutes } from "../../src/entry/http";
import { jobsModule } from "../../src/entry/jobs";
import type { Middleware } from "../../src/entry/middleware";
import { readingModule } from "../../src/entry/reading";
import { workerModule } from "../../src/entry/worker";
import type { Registry } from "../../src/registry/registry";
import type { Approvals, Subjects, Toolgate } from "../../src/registry/toolgate";
import { newBackend, type Backend } from "./gate";

type Runs = Pick<ActionCtx, "runQuery" | "runMutation" | "runAction">;

/** Stands in for `ctx.run*`. */
export type Front = Middleware<ActionCtx, Partial<Runs>>;

/** What an app of a test has in place of the ERP's. */
export interface Parts {
  /** The ERP's unless given; then the ERP's own tools, resources and prompts are gone. */
  readonly registry?: Registry;
  /** The modules of the functions that the registry binds, by path; needed for a registry of the test's own. */
  readonly functions?: Readonly<Record<string, object>>;
  readonly chain?: typeof erpChain;
  /** A middleware in front of the chain, to count or to break what the app asks Convex for. */
  readonly front?: Front;
  readonly streamSeconds?: number;
  readonly subjects?: Subjects;
  readonly approvals?: Approvals;
  /** Turns OAuth on, with these options. */
  readonly connect?: ConnectOptions;
  /** Functions in place of some of a module's own, by the module's path: `{ "toolgate/worker": { run } }`. */
  readonly overrides?: Readonly<Record<string, object>>;
}

const pass: Front = (_ctx, _request, next) => next({});

/** What the ERP says of itself is not said of a registry of the test's own. */
const probe = { name: "probe", version: "1", instructions: undefined, resources: {}, prompts: {} };

/** What an app of a test says of itself. */
export const definitionOf = ({
  registry,
  streamSeconds,
  subjects,
  approvals,
}: Parts): Toolgate => ({
  ...erp,
  ...(registry === undefined ? {} : { ...probe, ...registry }),
  streamSeconds,
  subjects,
  approvals,
});

const glueOf = (app: Toolgate, { chain = erpChain, functions = {} }: Parts) => ({
  "toolgate/gate": gateModule(app, chain),
  "toolgate/reading": readingModule(app),
  "toolgate/jobs": jobsModule(app),
  "toolgate/worker": workerModule(app),
  "toolgate/connect": connectModule(app),
  "toolgate/admin": adminModule(app),
  "toolgate/catalog": catalogModule(app, functions as Parameters<typeof catalogModule>[1]),
});

/** OAuth with a front before it. */
const behind = (front: Front, oauth: Connect): Connect => ({
  ...oauth,
  around: (otherwise) => (ctx, request) =>
    front(ctx, request, (add) => oauth.around(otherwise)({ ...ctx, ...add }, request)),
});

const modulesOf = (parts: Parts): Record<string, object> => {
  const { registry, functions = {}, chain = erpChain, front = pass, overrides = {} } = parts;
  const app = definitionOf(parts);
  const http = httpRouter();
  const oauth = parts.connect && connect(app, parts.connect);
  const doors = compose(front, oauth?.front ?? pass, ...chain);
  registerRoutes(http, httpAction(doors(mcp(app))), app, oauth && behind(front, oauth));
  const own: Record<string, object> = registry === undefined ? {} : glueOf(app, parts);
  const changed = Object.entries(overrides).map(([path, module]) => {
    const whole = own[path] ?? (glueOf(app, parts) as Record<string, object>)[path];
    return [path, { ...whole, ...module }] as const;
  });
  return { ...functions, ...own, http: { default: http }, ...Object.fromEntries(changed) };
};

/** An app without data. */
export const newApp = (parts: Parts): Backend =>
  newBackend(
    Object.fromEntries(
      Object.entries(modulesOf(parts)).map(([path, module]) => [
        `../../convex/${path}.ts`,
        () => Promise.resolve(module),
      ]),
    ),
  );

/** Pushes the names of the functions that a request calls to `calls`. */
export const counting =
  (calls: string[]): Front =>
  (ctx, _request, next) =>
    next({
      runQuery: (ref, ...args) => {
        calls.push(getFunctionName(ref));
        return ctx.runQuery(ref, ...args);
      },
      runMutation: (ref, ...args) => {
        calls.push(getFunctionName(ref));
        return ctx.runMutation(ref, ...args);
      },
      runAction: (ref, ...args) => {
        calls.push(getFunctionName(ref));
        return ctx.runAction(ref, ...args);
      },
    });

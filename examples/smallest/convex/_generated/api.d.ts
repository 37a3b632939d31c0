/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";
import type * as crons from "../crons.js";
import type * as http from "../http.js";
import type * as notes from "../notes.js";
import type * as toolgate_admin from "../toolgate/admin.js";
import type * as toolgate_catalog from "../toolgate/catalog.js";
import type * as toolgate_chain from "../toolgate/chain.js";
import type * as toolgate_gate from "../toolgate/gate.js";
import type * as toolgate_jobs from "../toolgate/jobs.js";
import type * as toolgate_reading from "../toolgate/reading.js";
import type * as toolgate_tools from "../toolgate/tools.js";
import type * as toolgate_worker from "../toolgate/worker.js";

/**
 * A utility for referencing Convex functions in your app's API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
declare const fullApi: ApiFromModules<{
  crons: typeof crons;
  http: typeof http;
  notes: typeof notes;
  "toolgate/admin": typeof toolgate_admin;
  "toolgate/catalog": typeof toolgate_catalog;
  "toolgate/chain": typeof toolgate_chain;
  "toolgate/gate": typeof toolgate_gate;
  "toolgate/jobs": typeof toolgate_jobs;
  "toolgate/reading": typeof toolgate_reading;
  "toolgate/tools": typeof toolgate_tools;
  "toolgate/worker": typeof toolgate_worker;
}>;
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

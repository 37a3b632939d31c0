/** The environment variables that a deployment has, for an app that runs here. */
import { randomBytes } from "node:crypto";

/**
 * Sets what Convex itself would set, and a pepper for this start unless the environment has one.
 *
 * @param url - where the app answers; for the gate, it tells whether that is loopback.
 */
export const setEnvironment = (url: string): void => {
  process.env.TOOLGATE_PEPPERS ??= `local:${randomBytes(36).toString("base64url")}`;
  process.env.CONVEX_SITE_URL = url;
  process.env.CONVEX_CLOUD_URL = url;
};

/** Sets the environment variables that a deployment has, for an app that runs in this process. */
import { randomBytes } from "node:crypto";

/**
 * Sets the variables that Convex itself sets, and a new pepper unless the environment has one. The line that each call logs is left out
 * unless the environment asks for it.
 *
 * @param url - of the app. The gate reads from it whether the app runs on loopback.
 */
export const setEnvironment = (url: string): void => {
  process.env.TOOLGATE_PEPPERS ??= `local:${randomBytes(36).toString("base64url")}`;
  process.env.TOOLGATE_CALL_LOG ??= "off";
  process.env.CONVEX_SITE_URL = url;
  process.env.CONVEX_CLOUD_URL = url;
};

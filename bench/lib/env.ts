/** The environment of the app, where it runs in the process that measures it. */
import { SITE_URL } from "../../test/support/siteUrl";

Object.assign(process.env, {
  TOOLGATE_CALL_LOG: "off",
  TOOLGATE_PEPPERS: `bench:${"pepper-".repeat(6)}`,
  CONVEX_SITE_URL: SITE_URL,
  // The benchmark calls faster than any key may.
  TOOLGATE_LIMIT_SCALE: "1000000",
});

/** The address of the deployment, in tests. */
export const SITE_URL = "https://some.convex.site";

/** The door for `convex/http.ts` of an app that turns OAuth on. */
export { connect, type Connect } from "../connect/connect";
export type { ConnectOptions } from "../connect/options";

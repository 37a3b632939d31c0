/** A server behind the one thing that API keys cost anybody: an HMAC-SHA-256 of the key, compared with the stored one. */
import "../lib/env";
import { KEY, keyIn, type Peer } from "./peer";

/** Convex evaluates modules anew for each call, so each call reads the secret from the environment. */
const hash = async (key: string): Promise<string> => {
  const secret = new TextEncoder().encode(process.env.TOOLGATE_PEPPERS);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmac = await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(key));
  return Buffer.from(mac).toString("base64url");
};

export const withKey = (name: string, peer: Peer): Peer => ({
  ...{ ...peer, name, key: KEY },
  serve: async (tools) => {
    const [stored, next] = [await hash(KEY), await peer.serve(tools)];
    return async (request) =>
      (await hash(keyIn(request))) === stored ? next(request) : new Response(null, { status: 401 });
  },
});

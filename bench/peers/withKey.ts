/** A server behind the one thing that API keys cost anybody: an HMAC-SHA-256 of the key, compared with the stored one. */
import { KEY, keyIn, type Peer } from "./peer";

const SECRET = new TextEncoder().encode("pepper-".repeat(6));

const hash = async (key: string): Promise<string> => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmac = await crypto.subtle.importKey("raw", SECRET, algorithm, false, ["sign"]);
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

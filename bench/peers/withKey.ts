/** A server behind the one thing that API keys cost anybody: an HMAC-SHA-256 of the key, compared with the stored one. */
import type { Peer } from "./peer";

const KEY = "bench_0123456789abcdefghijklmnopqrstuvwxyz";
const SECRET = new TextEncoder().encode("pepper-".repeat(6));

const hash = async (key: string): Promise<string> => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmac = await crypto.subtle.importKey("raw", SECRET, algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(key));
  return Buffer.from(mac).toString("base64url");
};

export const withKey = (name: string, peer: Peer): Peer => ({
  ...peer,
  name,
  key: KEY,
  serve: async (tools) => {
    const stored = await hash(KEY);
    const next = await peer.serve(tools);
    return async (request) => {
      const key = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
      if ((await hash(key)) !== stored) return new Response(null, { status: 401 });
      return next(request);
    };
  },
});

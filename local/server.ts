/** The local server, whole: the app behind a port, filled with demo data, and the operator's way in. */
import { isLoopbackHost } from "../cli/loopback";
import type { Admin } from "../cli/stateFile";
import { ADMIN_PATH, adminRoute, newToken } from "./adminRoute";
import { startBackend, type Backend } from "./backend";
import { addDemo, type DemoKey } from "./demo";
import { setEnvironment } from "./environment";
import { listen, type Address, type Answer } from "./listen";

export interface LocalServer {
  /** The MCP endpoint. */
  readonly url: string;
  readonly keys: readonly DemoKey[];
  /** Undefined if the server can be reached from other machines. */
  readonly admin: Admin | undefined;
  readonly close: () => Promise<void>;
}

/** Sends `/_local/` to the operator's route, if there is one, and everything else to the app. */
const answering = ({ fetch, run }: Backend, token: string | undefined): Answer => {
  const admin = token === undefined ? undefined : adminRoute(run, token);
  return (request, peer) => {
    const isAdmin = new URL(request.url).pathname.startsWith("/_local/");
    return admin !== undefined && isAdmin ? admin(request, peer) : fetch(request, peer);
  };
};

/**
 * Starts a server. It is ready when the promise resolves; requests that come before are kept waiting.
 *
 * Convex apps read `process.env`, so two servers in one process would share a pepper and the second one's URL.
 *
 * @throws ListenError if the port cannot be had.
 */
export const startServer = async (address: Address): Promise<LocalServer> => {
  const token = isLoopbackHost(address.host) ? newToken() : undefined;
  let ready!: (answer: Answer) => void;
  const app = new Promise<Answer>((resolve) => {
    ready = resolve;
  });
  // The port comes first, since the app must know its own URL before it is loaded.
  const { url, close } = await listen(address, async (request, peer) => (await app)(request, peer));
  try {
    setEnvironment(url);
    const backend = await startBackend();
    const keys = await addDemo(backend.run);
    ready(answering(backend, token));
    const admin = token === undefined ? undefined : { url: url + ADMIN_PATH, token };
    return { url: `${url}/mcp`, keys, admin, close };
  } catch (error) {
    await close();
    throw error;
  }
};

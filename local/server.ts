/** The whole local server: the app behind a port, the demo data, and the operator's route. */
import { CONSOLE_PATH, consoleApp } from "../cli/console/app";
import { isLoopbackHost } from "../cli/loopback";
import { newToken } from "../cli/serve/token";
import type { Admin } from "../cli/stateFile";
import { ADMIN_PATH, adminRoute } from "./adminRoute";
import { startBackend, type Backend } from "./backend";
import { addDemo, type DemoKey } from "./demo";
import { setEnvironment } from "./environment";
import { listen, type Address, type Answer } from "../cli/serve/listen";

/** A server that runs. `keys` are real keys. */
export interface LocalServer {
  /** The MCP endpoint. */
  readonly url: string;
  readonly keys: readonly DemoKey[];
  /** The operator's route and its token; undefined if other machines can reach the server. */
  readonly admin: Admin | undefined;
  readonly close: () => Promise<void>;
}

/** The folder of the glue, which the demo has where it is by default. */
const DIR = "toolgate";

/** The operator's route and the console, each by the path under which it answers. */
const forOperators = ({ run }: Backend, url: string, token: string) => ({
  "/_local": adminRoute(run, token),
  [CONSOLE_PATH]: consoleApp(
    {
      about: { deployment: new URL(url).host, kind: "local", mcpUrl: `${url}/mcp` },
      run: (name, args) => run(`${DIR}/${name}`, args),
    },
    token,
  ),
});

/** Passes requests of operators to what is for them, if the server has it, and all others to the app. */
const answering = (backend: Backend, url: string, token: string | undefined): Answer => {
  const routes: Record<string, Answer> =
    token === undefined ? {} : forOperators(backend, url, token);
  return (request, peer) => {
    const [, first = ""] = new URL(request.url).pathname.split("/");
    const own = Object.hasOwn(routes, `/${first}`) ? routes[`/${first}`] : undefined;
    return (own ?? backend.fetch)(request, peer);
  };
};

/**
 * Starts a server with the demo data. It is ready when the promise resolves. Requests that come earlier wait.
 *
 * Start only one server per process: Convex apps read `process.env`, so two would share a pepper and the URL of the second.
 *
 * @throws ListenError if the server cannot listen at the address.
 */
export const startServer = async (address: Address): Promise<LocalServer> => {
  const token = isLoopbackHost(address.host) ? newToken() : undefined;
  let ready!: (answer: Answer) => void;
  const app = new Promise<Answer>((resolve) => {
    ready = resolve;
  });
  // The server listens first, because the app must know its own URL before it is loaded.
  const { url, close } = await listen(address, async (request, peer) => (await app)(request, peer));
  try {
    setEnvironment(url);
    const backend = await startBackend();
    // It logs the tools that it must leave out. Somebody who starts the server should see them before a client misses them.
    await backend.run(`${DIR}/catalog:list`, {});
    const keys = await addDemo(backend.run);
    ready(answering(backend, url, token));
    const admin = token === undefined ? undefined : { url: url + ADMIN_PATH, token };
    return { url: `${url}/mcp`, keys, admin, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/**
 * Speaks with the client that shows the view: JSON-RPC by `postMessage`. It stands in for `App` of `@modelcontextprotocol/ext-apps`,
 * which takes some 650 KB of a page.
 *
 * @see MCP Apps (SEP-1865), specification/2026-01-26, "Communication Protocol"
 */

/** The parts of a `CallToolResult` that views read. */
export interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  /** Of MCP 2026-07-28: `input_required` if the server asks something, and the client has not asked the person. */
  readonly resultType?: string;
}

/** What the client says of itself and of the place where the view stands. Any part may be missing. */
export interface HostContext {
  readonly theme?: "light" | "dark";
  readonly styles?: { readonly variables?: Readonly<Record<string, string | undefined>> };
  readonly containerDimensions?: { readonly height?: number; readonly maxHeight?: number };
  readonly locale?: string;
  readonly timeZone?: string;
}

interface Capabilities {
  readonly serverTools?: object;
  readonly updateModelContext?: object;
}

/** What the view does when the client tells it something. */
export interface Handlers {
  readonly onContext: (context: HostContext) => void;
  readonly onResult: (result: ToolResult) => void;
  /** The tool was cancelled before it had a result. */
  readonly onCancelled: () => void;
}

export interface Host {
  /** Whether the client lets views call tools. */
  readonly callsTools: boolean;
  /** Calls a tool of this server. @throws Error if the client or the server could not run it */
  readonly call: (name: string, args: object) => Promise<ToolResult>;
  /** Tells the model what the person did here, if the client lets views do so. */
  readonly tell: (text: string) => void;
}

interface Message {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const post = (message: object): void => {
  // A sandboxed page cannot know the client's origin.
  window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
};

/** Sends requests, and gives each answer to the one who waits for it. */
const requests = () => {
  const waiting = new Map<unknown, Waiting>();
  let last = 0;
  return {
    send: (method: string, params: object): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve, reject });
        post({ id, method, params });
      }),
    settle: ({ id, result, error }: Message): void => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) one?.resolve(result);
      else one?.reject(new Error(error.message ?? "The request failed"));
    },
  };
};

/** The client may ask whether the view is alive, and tells when it takes it away. */
const answer = ({ id, method = "" }: Message): void => {
  if (["ping", "ui/resource-teardown"].includes(method)) post({ id, result: {} });
  else post({ id, error: { code: -32601, message: `Method not found: ${method}` } });
};

const hear = ({ method, params = {} }: Message, handlers: Handlers): void => {
  if (method === "ui/notifications/host-context-changed") handlers.onContext(params as HostContext);
  if (method === "ui/notifications/tool-result") handlers.onResult(params as ToolResult);
  if (method === "ui/notifications/tool-cancelled") handlers.onCancelled();
};

/**
 * Connects the view with its client.
 *
 * @param name - of the view, for the client.
 * @throws Error if the client refuses
 */
export const connectHost = async (name: string, handlers: Handlers): Promise<Host> => {
  const { send, settle } = requests();
  window.addEventListener("message", ({ source, data }: MessageEvent<Message | null>) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) settle(data);
    else if (data.id === undefined) hear(data, handlers);
    else answer(data);
  });
  const { hostContext = {}, hostCapabilities = {} } = (await send("ui/initialize", {
    appInfo: { name, version: "1.0.0" },
    appCapabilities: { availableDisplayModes: ["inline"] },
    protocolVersion: "2026-01-26",
  })) as { hostContext?: HostContext; hostCapabilities?: Capabilities };
  handlers.onContext(hostContext);
  post({ method: "ui/notifications/initialized", params: {} });
  return {
    callsTools: hostCapabilities.serverTools !== undefined,
    call: (tool, args) =>
      send("tools/call", { name: tool, arguments: args }) as Promise<ToolResult>,
    tell: (text) => {
      if (hostCapabilities.updateModelContext === undefined) return;
      const told = send("ui/update-model-context", { content: [{ type: "text", text }] });
      // The person has seen what happened; that the model has not is no error of theirs.
      told.catch(() => undefined);
    },
  };
};

/** Tells the client how high the view is, now and whenever that changes. */
export const reportHeight = (element: HTMLElement): void => {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    if (height === last) return;
    last = height;
    post({ method: "ui/notifications/size-changed", params: { height } });
  }).observe(element);
};

/** The script of a page that shows views as clients do: by the official host side of MCP Apps, with a sandbox from another origin. */
import {
  AppBridge,
  PostMessageTransport,
  type McpUiHostCapabilities,
  type McpUiHostContext,
} from "@modelcontextprotocol/ext-apps/app-bridge";
import type { CallToolResult } from "@modelcontextprotocol/client";

/** What the page is asked to show. */
export interface Scene {
  readonly html: string;
  /** Where the sandbox is. */
  readonly sandbox: string;
  readonly context: Omit<McpUiHostContext, "styles"> & {
    readonly styles?: { readonly variables: Readonly<Record<string, string>> };
  };
  readonly capabilities: McpUiHostCapabilities;
  readonly input: Record<string, unknown>;
  /** Absent while the tool still runs. */
  readonly result?: CallToolResult;
}

declare global {
  interface Window {
    /** The client of MCP, in the process of the test. */
    callTool: (name: string, args: unknown) => Promise<CallToolResult>;
    /** What the view tells the model. */
    hear: (text: string) => Promise<void>;
    show: (scene: Scene) => Promise<void>;
    bridge?: AppBridge;
  }
}

/** Makes the bridge, and resolves once the view has introduced itself. */
const bridgeFor = (
  frame: HTMLIFrameElement,
  scene: Scene,
): { bridge: AppBridge; ready: Promise<void> } => {
  const { capabilities, context, html } = scene;
  const bridge = new AppBridge(null, { name: "test host", version: "1" }, capabilities, {
    hostContext: context as McpUiHostContext,
  });
  bridge.addEventListener("sandboxready", () => void bridge.sendSandboxResourceReady({ html }));
  bridge.oncalltool = ({ name, arguments: args }) => window.callTool(name, args);
  bridge.onupdatemodelcontext = async ({ content }) => {
    await window.hear(JSON.stringify(content));
    return {};
  };
  bridge.addEventListener("sizechange", ({ height }) => {
    if (height !== undefined) frame.style.height = `${height}px`;
  });
  const ready = new Promise<void>((resolve) => {
    bridge.addEventListener("initialized", () => {
      resolve();
    });
  });
  return { bridge, ready };
};

window.show = async (scene) => {
  await window.bridge?.close();
  const frame = document.createElement("iframe");
  frame.title = "view";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
  document.body.replaceChildren(frame);
  const inner = frame.contentWindow!;
  const { bridge, ready } = bridgeFor(frame, scene);
  window.bridge = bridge;
  await bridge.connect(new PostMessageTransport(inner, inner));
  frame.src = scene.sandbox;
  await ready;
  await bridge.sendToolInput({ arguments: scene.input });
  if (scene.result !== undefined) await bridge.sendToolResult(scene.result);
};

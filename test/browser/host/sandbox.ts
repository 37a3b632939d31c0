/** The script of the sandbox between a client and a view: it loads the view under the default policy, and passes messages on. */

/** The policy for a view that asks for nothing (MCP Apps 2026-01-26, "Host Behavior"). */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'; object-src 'none'; base-uri 'self'";

const OWN = "ui/notifications/sandbox-";

const inner = document.createElement("iframe");
inner.title = "view";
inner.setAttribute("sandbox", "allow-scripts");

interface Message {
  readonly method?: string;
  readonly params?: { readonly html?: string };
}

const load = (html: string): void => {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  inner.srcdoc = html.replace("<head>", `<head>${policy}`);
  document.body.append(inner);
};

window.addEventListener("message", ({ source, data }: MessageEvent<Message>) => {
  const isOwn = data.method?.startsWith(OWN) ?? false;
  if (source === window.parent && isOwn) load(data.params?.html ?? "");
  else if (source === window.parent) inner.contentWindow?.postMessage(data, "*");
  else if (source === inner.contentWindow && !isOwn) window.parent.postMessage(data, "*");
});
window.parent.postMessage({ jsonrpc: "2.0", method: `${OWN}proxy-ready`, params: {} }, "*");

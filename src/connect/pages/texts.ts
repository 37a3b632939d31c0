/** The texts of the pages. An app may set its own. What stands in braces is filled in. */

export interface Texts {
  /** The language of the texts, as in `<html lang>`. */
  readonly lang: string;
  /** The name of the app; the title or name of its definition unless set. */
  readonly app: string;
  readonly wants: string;
  readonly program: string;
  readonly device: string;
  readonly calledItself: string;
  readonly unverified: string;
  readonly key: string;
  readonly keyHint: string;
  readonly access: string;
  readonly read: string;
  readonly readHint: string;
  readonly all: string;
  readonly allHint: string;
  readonly allow: string;
  readonly chooseTools: string;
  readonly cancel: string;
  readonly goesTo: string;
  readonly tools: string;
  readonly toolsHint: string;
  /** The same, in an app with one tenant. */
  readonly roleHint: string;
  readonly keyReads: string;
  readonly reads: string;
  readonly writes: string;
  readonly noTool: string;
  readonly invalidKey: string;
  readonly tooMany: string;
  readonly busy: string;
  readonly codeTitle: string;
  readonly code: string;
  readonly codeHint: string;
  readonly compare: string;
  readonly next: string;
  readonly unknownCode: string;
  readonly allowed: string;
  readonly allowedHint: string;
  readonly refused: string;
  readonly refusedHint: string;
  readonly failed: string;
  readonly unknownClient: string;
  readonly noDocument: string;
  readonly badRedirect: string;
  readonly manyClients: string;
  readonly untrusted: string;
  readonly untrustedHint: string;
  readonly expired: string;
  readonly used: string;
  readonly malformed: string;
  readonly elsewhere: string;
  readonly off: string;
  readonly visitTitle: string;
  readonly visitIs: string;
  readonly visitHow: string;
  readonly forClaude: string;
  readonly forChatGpt: string;
  readonly forClaudeCode: string;
  readonly forCursor: string;
  readonly addToCursor: string;
  readonly forCode: string;
  readonly addToCode: string;
  readonly forCodex: string;
  readonly forGemini: string;
  readonly programs: string;
  readonly forPrograms: string;
}

type VisitText = Extract<
  keyof Texts,
  `visit${string}` | `for${string}` | `add${string}` | "programs"
>;

/** Functions, since most calls of a deployment show no page. */
const texts = (): Omit<Texts, "app" | VisitText> => ({
  lang: "en",
  wants: "wants to use {app}",
  program: "A program on this computer",
  device: "A device",
  calledItself: "It calls itself {name}.",
  unverified:
    "Nobody has checked who this is. Go on only if you have just started this connection yourself.",
  key: "Your API key",
  keyHint:
    "Whoever runs {app} gives it out. It stays here: what connects gets an access of its own, which can be ended at any time.",
  access: "What may it do?",
  read: "Read only",
  readHint: "It can look things up and change nothing.",
  all: "All that the key may do",
  allHint:
    "It can change things too, with the rights of your key. A key that may only read changes nothing.",
  allow: "Allow",
  chooseTools: "Choose tools",
  cancel: "Cancel",
  goesTo: "You then return to {host}.",
  tools: "Which tools may it use?",
  toolsHint: "The key belongs to {tenant}, with the role {role}.",
  roleHint: "The key has the role {role}.",
  keyReads: "It is read only: what connects can change nothing.",
  reads: "To look things up",
  writes: "To change things",
  noTool: "Choose at least one tool.",
  invalidKey: "This API key does not work. Check that it is complete, not revoked and not expired.",
  tooMany: "This key has as many connections as it may have. End one of them first.",
  busy: "Too many tries. Wait for {seconds} seconds and send the form again.",
  codeTitle: "Connect a device to {app}",
  code: "The code that it shows",
  codeHint: "Eight letters. Type a code only if you have started the connection yourself.",
  compare: "Check that the device shows this same code. If nothing of yours shows it, cancel.",
  next: "Continue",
  unknownCode: "No device waits with this code. Check each letter; a code is good for ten minutes.",
  allowed: "Connected",
  allowedHint: "The device goes on by itself. You can close this page.",
  refused: "Not connected",
  refusedHint: "The device gets no access. You can close this page.",
  failed: "This connection cannot be made",
  unknownClient:
    "The app that sent you here is not known to this server. Start again from that app: it then registers anew.",
  noDocument:
    "The app that sent you here says at its own address who it is, and that could not be read just now. Try again in a few minutes.",
  badRedirect:
    "The address to which this app wants to send you back is not one that it has registered.",
  manyClients: "Many apps connect here for the first time just now. Try again in a minute.",
  untrusted: "{host} may not connect to this server yet.",
  untrustedHint:
    "If you operate the server and want to let it in, set this, with the hosts that are in already before it and a comma between, and try again:",
  expired:
    "This page was open for more than ten minutes. Start again from the app that sent you here.",
  used: "This request was answered before. Start again from the app that sent you here if it is not connected.",
  malformed: "The app that sent you here made a mistake in its request: {problem}",
  elsewhere:
    "This form was sent from another site. Open the page again from the app that you want to connect.",
  off: "This server is not set up yet: its operator has to set TOOLGATE_PEPPERS.",
});

const visitTexts = (): Pick<Texts, VisitText> => ({
  visitTitle: "{app}: connect an agent",
  visitIs: "is open to AI agents",
  visitHow:
    "This address is an MCP server, made for AI agents and not for people. Give it to your agent. A page then asks for your consent, and you can end the connection at any time.",
  forClaude:
    "In claude.ai or Claude Desktop: Settings, Connectors, Add custom connector. Paste the address and choose Connect.",
  forChatGpt:
    "Settings, Apps, Advanced: turn Developer mode on. Then Create, paste the address, and choose OAuth.",
  forClaudeCode: "Run this, then type /mcp and choose Authenticate:",
  forCursor: "Or put this into .cursor/mcp.json:",
  addToCursor: "Add to Cursor",
  forCode: "Or run this:",
  addToCode: "Add to VS Code",
  forCodex: "Run both. The second opens the page for your consent:",
  forGemini: "Run this, then type /mcp auth and the name:",
  programs: "Your own programs",
  forPrograms: "They send an API key, which the operator of this server gives out:",
});

/** The texts of an app: its own, and the library's for the rest. */
export const textsOf = (appName: string, own: Partial<Texts> = {}): Texts => ({
  app: appName,
  ...texts(),
  ...visitTexts(),
  ...own,
});

/** Fills in what stands in braces. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );

/** The call of the playground: its message, its headers and the line for a terminal. */

export type Arguments = Readonly<Record<string, unknown>>;

export interface Message {
  readonly jsonrpc: "2.0";
  readonly id: number;
  readonly method: "tools/call";
  readonly params: {
    readonly name: string;
    readonly arguments: Arguments;
    readonly _meta: { readonly progressToken: number };
  };
}

/** A progress token asks for what a long tool tells on its way: then the answer is a stream. */
export const messageOf = (name: string, args: Arguments): Message => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: args, _meta: { progressToken: 1 } },
});

/** The transport wants both, whatever the answer is then. */
export const HEADERS = {
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
} as const;

/** Quotes a word for a shell: nothing in single quotes means anything but their end. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The same call for a terminal. The key is read from a variable: no history keeps it. */
export const curlLine = (url: string, message: Message): string =>
  [
    `curl -sN ${quoted(url)}`,
    `-H "Authorization: Bearer $TOOLGATE_KEY"`,
    ...Object.entries(HEADERS).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `-d ${quoted(JSON.stringify(message))}`,
  ].join(" \\\n  ");

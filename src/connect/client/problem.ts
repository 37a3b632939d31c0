/** Why there is no telling who asks, or why it may not. The person at the browser reads it; nothing of it goes to the client. */
import { trustCommand } from "./trust";

export interface Problem {
  readonly problem: {
    readonly kind: "unknown_client" | "untrusted" | "no_document" | "bad_redirect" | "busy";
    readonly message: string;
    /** The host that is not trusted. */
    readonly host?: string;
    /** What the operator may run. */
    readonly hint?: string;
  };
}

export const problem = {
  unknownClient: (): Problem => ({
    problem: {
      kind: "unknown_client",
      message:
        "This server does not know the client that sent you here. Remove the connection in your client and add it again.",
    },
  }),
  untrusted: (host: string): Problem => ({
    problem: {
      kind: "untrusted",
      message: `This server does not trust ${host}. If you do, ask its operator to add it to the list.`,
      host,
      hint: trustCommand(host),
    },
  }),
  noDocument: (host: string): Problem => ({
    problem: {
      kind: "no_document",
      message: `${host} does not say who its client is, or cannot be reached. Try again in a minute.`,
      host,
    },
  }),
  badRedirect: (): Problem => ({
    problem: {
      kind: "bad_redirect",
      message:
        "The client wants its answer at an address that it has not registered. Remove the connection in your client and add it again.",
    },
  }),
  busy: (): Problem => ({
    problem: {
      kind: "busy",
      message: "Too many new clients come in just now. Try again in a minute.",
    },
  }),
};

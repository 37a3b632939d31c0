/** The error for a request without an answer, with advice. */

const NAME = "Is the name spelled right? `npx convex dashboard` shows the URL of HTTP actions.";
const CERTIFICATE = "Mend the certificate of what ends TLS: MCP clients will refuse it as well.";
const CLOCK = "Renew the certificate of what ends TLS; if it is valid, set this machine's clock.";
const CUT = "Something in front of the deployment closed the connection: look into its log.";
const UNKNOWN = "Is the URL right, down to the port?";
const FIREWALL = "Is a firewall or a proxy between here and the deployment?";

/** Code of Node's error → advice. */
const todos: Readonly<Record<string, string>> = {
  ENOTFOUND: NAME,
  EAI_AGAIN: "The name could not be looked up: is this machine online?",
  ECONNREFUSED: "Nothing listens there: does the server run, and is the port right?",
  EHOSTUNREACH: FIREWALL,
  ENETUNREACH: FIREWALL,
  ETIMEDOUT: FIREWALL,
  UND_ERR_CONNECT_TIMEOUT: FIREWALL,
  ECONNRESET: CUT,
  UND_ERR_SOCKET: CUT,
  CERT_HAS_EXPIRED: CLOCK,
  CERT_NOT_YET_VALID: CLOCK,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  ERR_TLS_CERT_ALTNAME_INVALID: CERTIFICATE,
  ERR_SSL_WRONG_VERSION_NUMBER: "That port speaks no TLS: use http://, or the port that does.",
};

const reasonOf = (error: unknown, ms: number): { seen: string; todo: string } => {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === "TimeoutError") return { seen: `no answer within ${ms / 1000} s`, todo: FIREWALL };
  const code = cause?.code ?? "";
  const what = code === "" ? (cause?.message ?? String(error)) : code;
  return { seen: `no answer: ${what}`, todo: todos[code] ?? UNKNOWN };
};

/** Thrown if a request got no answer, or only a part of one. */
export class NoReply extends Error {
  override readonly name = "NoReply";
  /** The advice to the operator. */
  readonly todo: string;
  /** Whether the time was up. False if the connection was refused or cut. */
  readonly isTimeout: boolean;

  /**
   * @param error - the error that `fetch` threw.
   * @param ms - the time limit of the request, in milliseconds.
   */
  constructor(error: unknown, ms: number) {
    const { seen, todo } = reasonOf(error, ms);
    super(seen);
    this.todo = todo;
    this.isTimeout = (error as { name?: string }).name === "TimeoutError";
  }
}

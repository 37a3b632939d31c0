/** The names and addresses of this machine. */

const NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Whether only this machine can reach a server that listens on `host`. */
export const isLoopbackHost = (host: string): boolean =>
  host === "::1" || NAMES.includes(host.toLowerCase());

/** Whether a Host header, with or without a port, names this machine. A page that rebinds its DNS name to loopback sends that name. */
export const isLoopbackHeader = (header: string | null): boolean =>
  NAMES.includes((header ?? "").toLowerCase().replace(/:\d{1,5}$/, ""));

/** Whether the IP address of a peer belongs to this machine. */
export const isLoopbackAddress = (address: string): boolean =>
  address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);

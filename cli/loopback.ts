/** Which names and addresses mean this machine. */

const NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Whether a server that listens on `host` can be reached from this machine only. */
export const isLoopbackHost = (host: string): boolean =>
  host === "::1" || NAMES.includes(host.toLowerCase());

/** Whether a Host header names this machine. A page that has rebound its DNS name to loopback sends that name. */
export const isLoopbackHeader = (header: string | null): boolean =>
  NAMES.includes((header ?? "").toLowerCase().replace(/:\d{1,5}$/, ""));

/** Whether a peer's address is on this machine. */
export const isLoopbackAddress = (address: string): boolean =>
  address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);

/** Tells whether a form was sent by our own page. */
import { Problem } from "./problem";
import type { Incoming } from "./incoming";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Whether two origins are one deployment: on this machine it has several names. */
const isSame = (a: string, b: string): boolean => {
  if (a === b) return true;
  if (!URL.canParse(a) || new URL(a).origin !== a) return false;
  const [one, other] = [new URL(a), new URL(b)];
  const areHere = LOOPBACK.includes(one.hostname) && LOOPBACK.includes(other.hostname);
  return areHere && one.protocol === other.protocol && one.port === other.port;
};

/**
 * Checks that no other page has sent the form. The key in it is the proof, not a cookie, so this is a second line of defence: it keeps
 * a page from sending in a key of its own choice.
 *
 * Browsers say `Origin: null` where a page hides its address; then only `Sec-Fetch-Site` can tell.
 *
 * @throws Problem if it was sent from elsewhere.
 */
export const checkOwnForm = ({ request, origin: own }: Incoming): void => {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isSiteFine =
    site === null || site === "same-origin" || (site === "none" && origin === null);
  const isOriginFine =
    origin === null || isSame(origin, own) || (origin === "null" && site === "same-origin");
  if (isSiteFine && isOriginFine) return;
  throw new Problem(
    "invalid_request",
    "This form was sent from another page. Start again in your app.",
    { told: { text: "elsewhere" } },
  );
};

/** The person at the browser: reads the page of consent that a client opens, and sends its form. */

/** What the person decides; everything that the key may do unless stated. */
export interface Decision {
  readonly key: string;
  readonly access?: "read" | "all";
  readonly decision?: "allow" | "cancel";
}

const requestOn = (html: string): string => {
  const value = /<input[^>]*name="request"[^>]*value="([\w.-]+)"/.exec(html)?.[1];
  if (value === undefined) throw new Error(`no page of consent: ${html.slice(0, 500)}`);
  return value;
};

/**
 * Opens the address to which a client sends the browser, and decides.
 *
 * @returns where the browser is sent then: the client's own address, with the code. Nobody asks there.
 */
export const decide = async (
  address: URL,
  { key, access = "all", decision = "allow" }: Decision,
): Promise<URL> => {
  const page = await fetch(address, { headers: { accept: "text/html" }, redirect: "manual" });
  const form = new URLSearchParams({
    request: requestOn(await page.text()),
    key,
    access,
    decision,
  });
  const reply = await fetch(address.origin + address.pathname, {
    method: "POST",
    // As browsers do from a page of the same origin.
    headers: { origin: address.origin, "sec-fetch-site": "same-origin" },
    body: form,
    redirect: "manual",
  });
  const location = reply.headers.get("location");
  if (reply.status !== 303 || location === null)
    throw new Error(`not sent on: ${String(reply.status)} ${(await reply.text()).slice(0, 500)}`);
  return new URL(location);
};

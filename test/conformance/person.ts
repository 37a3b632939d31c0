/** Plays the person whom the suite waits for: opens the page, types the key, and allows. */

const fieldIn = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? "";

/** The URL in what the suite prints; undefined if there is none. */
export const linkIn = (text: string): string | undefined =>
  /^https?:\S+\/authorize\?\S+$/m.exec(text)?.[0];

/** Lets the client in, and follows the way back to it. */
export const allow = async (link: string, key: string): Promise<void> => {
  const page = await (await fetch(link, { headers: { Accept: "text/html" } })).text();
  const body = new URLSearchParams({
    ...{ request: fieldIn(page, "request"), key, access: "all", decision: "allow" },
  });
  const { pathname, origin } = new URL(link);
  const headers = { Origin: origin, "Sec-Fetch-Site": "same-origin" };
  const init = { method: "POST", body, headers, redirect: "manual" } as const;
  const answer = await fetch(origin + pathname, init);
  const back = answer.headers.get("location");
  if (back === null) throw new Error(`The page does not let the suite in: ${await answer.text()}`);
  await fetch(back);
};

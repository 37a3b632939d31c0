/** A client that connects by OAuth, with a person who allows it: so that the console has a connection to show. */
import { createHash, randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import type { ConsoleSite } from "./consoleSite";
import { newPerson } from "./person";

const CALLBACK = "http://127.0.0.1:9/callback";

const form = (fields: Record<string, string>): RequestInit => ({
  method: "POST",
  body: new URLSearchParams(fields),
});

const register = async (origin: string, name: string): Promise<string> => {
  const reply = await fetch(`${origin}/oauth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_name: name, redirect_uris: [CALLBACK] }),
  });
  return ((await reply.json()) as { client_id: string }).client_id;
};

/** What a person does: opens the page, gives the key, allows. @returns the code */
const allow = async (browser: Browser, address: string, key: string): Promise<string> => {
  const { page, leave } = await newPerson(browser);
  // The client's own page; nothing listens there.
  await page.route(`${CALLBACK}*`, (route) => route.fulfill({ body: "Back" }));
  await page.goto(address);
  await page.getByLabel("Your API key").fill(key);
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.waitForURL(`${CALLBACK}*`);
  const code = new URL(page.url()).searchParams.get("code") ?? "";
  await leave();
  return code;
};

/** @param name - what the client calls itself. */
export const connectByOauth = async (
  browser: Browser,
  { origin, mcpUrl }: ConsoleSite,
  { name, key }: { readonly name: string; readonly key: string },
): Promise<void> => {
  const verifier = randomBytes(32).toString("base64url");
  const asked = {
    ...{ client_id: await register(origin, name), redirect_uri: CALLBACK, resource: mcpUrl },
  };
  const query = new URLSearchParams({
    ...{ ...asked, response_type: "code", state: "s", code_challenge_method: "S256" },
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  });
  const code = await allow(browser, `${origin}/oauth/authorize?${query.toString()}`, key);
  const redeemed = { grant_type: "authorization_code", code, code_verifier: verifier };
  const reply = await fetch(`${origin}/oauth/token`, form({ ...asked, ...redeemed }));
  if (!reply.ok) throw new Error(await reply.text());
};

/** `POST /oauth/authorize`: the person has decided. */
import { openAuthorization, redirectTo, type Authorization } from "../auth/authorization";
import { credentialOf, type KeyCredential } from "../auth/credential";
import { parseKey } from "../auth/keyFormat";
import type { Access } from "../data/values";
import type { Refused } from "../grants/refused";
import { ask } from "./glue";
import { checkPeppers, type Incoming } from "./incoming";
import { checkOwnForm } from "./ownForm";
import { readForm, type Parameters } from "./parameters";
import { Problem } from "./problem";
import { openProof, sealProof } from "./proven";
import { seeOther } from "./seeOther";
import { showConsent, showTools, viewOf } from "./views";

/** A form that was sent, and the request in it. */
interface Sent {
  readonly incoming: Incoming;
  readonly form: Parameters;
  /** The sealed request, and what it says. */
  readonly request: string;
  readonly asked: Authorization;
  readonly access: Access;
}

const INVALID: Refused["refusal"] = { kind: "invalid_key" };

/** Reads what the person has chosen. */
export const accessIn = (form: Parameters): Access => {
  const access = form.need("access");
  if (access === "read" || access === "all") return access;
  throw new Problem("invalid_request", "access must be read or all");
};

/** The credential of the key in the form; undefined if the text is no key, which costs no call. Spaces come with pasting. */
export const credentialIn = async (
  { peppers }: Incoming,
  form: Parameters,
): Promise<KeyCredential | undefined> => {
  const key = form.get("key")?.trim() ?? "";
  const parsed = parseKey(key);
  return parsed && credentialOf(key, parsed.keyId, peppers);
};

/** Shows the page again if the person can do something about it; else says what is wrong. */
const again = (
  { incoming, request, asked, access }: Sent,
  refusal: Refused["refusal"],
): Response => {
  if (
    refusal.kind === "invalid_key" ||
    refusal.kind === "rate_limit" ||
    refusal.kind === "too_many"
  )
    return showConsent(incoming, viewOf({ ...asked, access }, request), refusal);
  const told = { text: refusal.kind === "used" ? "used" : "expired" } as const;
  throw new Problem("invalid_request", refusal.message, { told });
};

const approve = async (
  sent: Sent,
  credential: KeyCredential | undefined,
  tools?: readonly string[],
): Promise<Response> => {
  if (credential === undefined) return again(sent, INVALID);
  const { incoming, request, access } = sent;
  const narrowing = tools === undefined ? { access } : { access, tools };
  const result = await ask(incoming, "approve", { request, proof: { credential }, ...narrowing });
  return "refusal" in result ? again(sent, result.refusal) : seeOther(result.redirectTo);
};

/** The second step, in which the person chooses tools. @param isAgain - none was chosen. */
const choose = async (
  sent: Sent,
  credential: KeyCredential | undefined,
  isAgain = false,
): Promise<Response> => {
  const { incoming, request, asked, access } = sent;
  if (credential === undefined) return again(sent, INVALID);
  const found = await ask(incoming, "prove", { credential });
  if ("refusal" in found) return again(sent, found.refusal);
  const proven = await sealProof(incoming.peppers, asked.id, credential);
  const view = { ...viewOf({ ...asked, access }, request), proven, isAgain };
  return showTools(incoming, found.readOnly ? { ...view, access: "read" } : view, found);
};

const allow = async (sent: Sent): Promise<Response> => {
  const { incoming, form, asked } = sent;
  const proven = form.get("proven");
  if (proven === undefined) return approve(sent, await credentialIn(incoming, form));
  const credential = await openProof(incoming.peppers, asked.id, proven);
  if (credential === undefined)
    throw new Problem("invalid_request", "This form is not ours. Start again in your app.", {
      told: { text: "expired" },
    });
  const tools = form.all("tool");
  return tools.length === 0 ? choose(sent, credential, true) : approve(sent, credential, tools);
};

/**
 * Takes the decision: `allow` approves, `choose` shows the second step, `cancel` tells the client. A wrong key shows the page again, with
 * 200 since browsers keep what was typed then.
 *
 * It calls nothing in Convex for `cancel`, for a key that is malformed, and for a request that is not ours or too old; else one mutation.
 */
export const decide = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  checkOwnForm(incoming);
  const form = await readForm(incoming.request);
  const request = form.need("request");
  const asked = await openAuthorization(incoming.peppers, request);
  if (asked === undefined)
    throw new Problem(
      "invalid_request",
      "This request is too old or not ours. Start again in your app.",
      { told: { text: "expired" } },
    );
  const decision = form.need("decision");
  if (decision === "cancel")
    return seeOther(redirectTo(asked, { error: "access_denied", error_description: "Cancelled" }));
  const sent: Sent = { incoming, form, request, asked, access: accessIn(form) };
  if (decision === "allow") return allow(sent);
  if (decision === "choose") return choose(sent, await credentialIn(incoming, form));
  throw new Problem("invalid_request", "decision must be allow, choose or cancel");
};

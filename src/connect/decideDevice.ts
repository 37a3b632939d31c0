/** `POST /oauth/device`: the person has typed the code of a device, and then decides. */
import type { Refused } from "../grants/refused";
import type { Access } from "../data/values";
import { accessIn, credentialIn } from "./decide";
import { ask } from "./glue";
import { checkPeppers, type Incoming } from "./incoming";
import { checkOwnForm } from "./ownForm";
import { readForm, type Parameters } from "./parameters";
import { Problem } from "./problem";
import { userCodeHashes, readUserCode } from "./userCode";
import { showCode, showDevice, showDeviceDone } from "./views";

interface Sent {
  readonly incoming: Incoming;
  readonly form: Parameters;
  readonly userCode: string;
}

type Refusal = Refused["refusal"];

/**
 * Looks up which device waits with the code, and asks the person about it.
 *
 * @param refusal - why the person is asked again, and what was chosen before.
 */
const lookUp = async (
  { incoming, userCode }: Sent,
  again?: { readonly refusal: Refusal; readonly access: Access },
): Promise<Response> => {
  const hashes = await userCodeHashes(incoming.peppers, userCode);
  const found = await ask(incoming, "decideDevice", { userCodeHashes: hashes });
  if ("refusal" in found) return showCode(incoming, userCode, found.refusal);
  const { client, access } = found;
  const view = { userCode, client, access: again?.access ?? access };
  return showDevice(incoming, view, again?.refusal);
};

const deny = async (sent: Sent): Promise<Response> => {
  const { incoming, userCode } = sent;
  const hashes = await userCodeHashes(incoming.peppers, userCode);
  const done = await ask(incoming, "decideDevice", { userCodeHashes: hashes, deny: true });
  return "refusal" in done
    ? showCode(incoming, userCode, done.refusal)
    : showDeviceDone(incoming, false);
};

const allow = async (sent: Sent): Promise<Response> => {
  const { incoming, form, userCode } = sent;
  const access = accessIn(form);
  const credential = await credentialIn(incoming, form);
  if (credential === undefined) return lookUp(sent, { refusal: { kind: "invalid_key" }, access });
  const hashes = await userCodeHashes(incoming.peppers, userCode);
  const decision = { userCodeHashes: hashes, proof: { credential }, access };
  const done = await ask(incoming, "decideDevice", decision, false);
  if (!("refusal" in done)) return showDeviceDone(incoming, true);
  const { refusal } = done;
  const isAboutKey = refusal.kind === "invalid_key" || refusal.kind === "too_many";
  return isAboutKey ? lookUp(sent, { refusal, access }) : showCode(incoming, userCode, refusal);
};

/** Takes one of two steps: without a decision it looks the code up; then the person allows or cancels. Each is one mutation. */
export const decideDevice = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  checkOwnForm(incoming);
  const form = await readForm(incoming.request);
  const userCode = readUserCode(form.get("user_code") ?? "");
  if (userCode === undefined)
    return showCode(incoming, "", { kind: "unknown_code", message: "No code" });
  const sent = { incoming, form, userCode };
  const decision = form.get("decision");
  if (decision === undefined) return lookUp(sent);
  if (decision === "cancel") return deny(sent);
  if (decision === "allow") return allow(sent);
  throw new Problem("invalid_request", "decision must be allow or cancel");
};

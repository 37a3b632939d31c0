/** `POST /oauth/device`: the person has typed the code of a device, and then decides. */
import type { Refused } from "../grants/refused";
import { accessIn, atKey, credentialIn } from "./decide";
import { ask } from "./glue";
import { checkPeppers, type Incoming } from "./incoming";
import { checkOwnForm } from "./ownForm";
import { readForm, type Parameters } from "./parameters";
import { Problem } from "./problem";
import { userCodeHashes, readUserCode } from "./userCode";
import { showDevice, showDeviceDone, type DeviceView } from "./views";

const NO_CODE = "No device waits with this code. Compare it with the one that the device shows.";

interface Sent {
  readonly incoming: Incoming;
  readonly form: Parameters;
  readonly userCode: string;
}

/** A wrong key is told at its field, anything else at that of the code. */
const again = ({ incoming, form, userCode }: Sent, refusal: Refused["refusal"]): Response => {
  const { message, ...status } = atKey(refusal);
  const name = form.get("client_name");
  const isAboutKey = refusal.kind === "invalid_key" || refusal.kind === "too_many";
  const view: DeviceView = isAboutKey
    ? { userCode, keyError: message, ...(name !== undefined && { name }) }
    : { userCode, codeError: message };
  return showDevice(incoming, view, status);
};

/** The first step: which device waits with the code. */
const lookUp = async (sent: Sent): Promise<Response> => {
  const { incoming, userCode } = sent;
  const hashes = await userCodeHashes(incoming.peppers, userCode);
  const found = await ask(incoming, "decideDevice", { userCodeHashes: hashes });
  if ("refusal" in found) return again(sent, found.refusal);
  return showDevice(incoming, { userCode, name: found.client.name, access: found.access });
};

const deny = async (sent: Sent): Promise<Response> => {
  const { incoming, userCode } = sent;
  const hashes = await userCodeHashes(incoming.peppers, userCode);
  const done = await ask(incoming, "decideDevice", { userCodeHashes: hashes, deny: true });
  return "refusal" in done ? again(sent, done.refusal) : showDeviceDone(incoming, false);
};

const allow = async (sent: Sent): Promise<Response> => {
  const { incoming, form, userCode } = sent;
  const access = accessIn(form);
  const credential = await credentialIn(incoming, form);
  if (credential === undefined) return again(sent, { kind: "invalid_key" });
  const hashes = await userCodeHashes(incoming.peppers, userCode);
  const decision = { userCodeHashes: hashes, proof: { credential }, access };
  const done = await ask(incoming, "decideDevice", decision, false);
  return "refusal" in done ? again(sent, done.refusal) : showDeviceDone(incoming, true);
};

/** Takes one of two steps: without a decision it looks the code up; then the person allows or cancels. Each is one mutation. */
export const decideDevice = async (incoming: Incoming): Promise<Response> => {
  checkPeppers(incoming);
  checkOwnForm(incoming);
  const form = await readForm(incoming.request);
  const userCode = readUserCode(form.get("user_code") ?? "");
  if (userCode === undefined) return showDevice(incoming, { codeError: NO_CODE });
  const sent = { incoming, form, userCode };
  const decision = form.get("decision");
  if (decision === undefined) return lookUp(sent);
  if (decision === "cancel") return deny(sent);
  if (decision === "allow") return allow(sent);
  throw new Problem("invalid_request", "decision must be allow or cancel");
};

/**
 * `requestState`: what the server must know when a client comes back with its answers. The client carries it, signed: it holds
 * for the caller, tool and arguments it was made for, for ten minutes, and once if the tool writes.
 *
 * It can be read by whoever carries it, and holds nothing but the client's own earlier answers.
 *
 * @see MCP 2026-07-28 basic/patterns/mrtr, "Server requirements"
 */
import { Base64 } from "convex/values";
import type { Pepper } from "../auth/pepper";
import { seal, unseal } from "../auth/seal";
import { digest } from "../base/digest";
import type { Call } from "../data/call";
import type { Principal } from "../data/principal";
import type { Answers } from "./answers";

/** How long a client may take to answer. */
export const STATE_MS = 10 * 60 * 1000;

const PURPOSE = "requestState";

export interface RequestState {
  /** The same in all rounds of one call, so that no round can be used again once the call is done. */
  readonly nonce: string;
  readonly expiresAt: number;
  /** The call it was made for: see `boundTo`. */
  readonly boundTo: string;
  /** What was asked: key → digest of the request. */
  readonly asked: Readonly<Record<string, string>>;
  /** What was answered in earlier rounds. */
  readonly answers: Answers;
  /** The job that asks, if the call has become one. */
  readonly jobId?: string | undefined;
}

type Bound = Pick<Call, "target" | "arguments">;

/** What a state is bound to. It survives the rotation of a key. */
export const boundTo = ({ tenant, subject }: Principal, call: Bound): Promise<string> =>
  digest([tenant, subject, call.target, JSON.parse(call.arguments ?? "{}")]);

/** Seals what must come back, for `STATE_MS`. */
export const sealState = (
  peppers: readonly Pepper[],
  state: Omit<RequestState, "nonce" | "expiresAt"> & { readonly nonce?: string | undefined },
): Promise<string> => {
  const { nonce = crypto.randomUUID() } = state;
  const whole = { ...state, nonce, expiresAt: Date.now() + STATE_MS };
  const bytes = new TextEncoder().encode(JSON.stringify(whole));
  return seal(peppers, PURPOSE, Base64.fromByteArray(bytes));
};

/** The state in a seal of ours that has not expired; undefined for anything else. Whose it is is not checked. */
export const openState = async (
  peppers: readonly Pepper[],
  sealed: string,
): Promise<RequestState | undefined> => {
  const text = await unseal(peppers, PURPOSE, sealed);
  if (text === undefined) return undefined;
  const state = JSON.parse(new TextDecoder().decode(Base64.toByteArray(text))) as RequestState;
  return state.expiresAt > Date.now() ? state : undefined;
};

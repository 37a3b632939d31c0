/**
 * `requestState`: the data that the server needs when a client comes back with its answers. The client carries it, and the server
 * signs it. It counts only for the caller, tool and arguments that it was made for, for ten minutes, and once if the tool writes.
 *
 * The client can read it. The only private data in it are the client's own earlier answers.
 *
 * @see MCP 2026-07-28 basic/patterns/mrtr, "Server requirements"
 */
import { Base64 } from "convex/values";
import type { Pepper } from "../auth/pepper";
import { seal, unseal } from "../auth/seal";
import { digest } from "../base/digest";
import type { Call } from "../data/call";
import type { Identity } from "../data/principal";
import type { Answers, Question } from "./answers";

/** How long a client may take to answer, in milliseconds. */
export const STATE_MS = 10 * 60 * 1000;

const PURPOSE = "requestState";

export interface RequestState {
  /** The same in all rounds of one call, so that no round can be repeated once the call is done. */
  readonly nonce: string;
  readonly expiresAt: number;
  /** A digest of the caller and the call: see `boundTo` below. */
  readonly boundTo: string;
  /** The questions of this round, under the keys of their requests. */
  readonly asked: Readonly<Record<string, Question>>;
  /** The answers of earlier rounds. */
  readonly answers: Answers;
  /** The job that asks, if the call runs as a job. */
  readonly jobId?: string | undefined;
}

type Bound = Pick<Call, "target" | "arguments">;

/** Returns the digest that binds a state to its caller and call. It leaves out the key, so it survives the key's rotation. */
export const boundTo = ({ tenant, subject }: Identity, call: Bound): Promise<string> =>
  digest([tenant, subject, call.target, JSON.parse(call.arguments ?? "{}")]);

/**
 * Signs a state that is valid for `STATE_MS` from now.
 *
 * @param state - without a nonce in the first round; later rounds pass on the nonce of the first.
 * @throws Error if there is no pepper.
 */
export const sealState = (
  peppers: readonly Pepper[],
  state: Omit<RequestState, "nonce" | "expiresAt"> & { readonly nonce?: string | undefined },
): Promise<string> => {
  const { nonce = crypto.randomUUID() } = state;
  const whole = { ...state, nonce, expiresAt: Date.now() + STATE_MS };
  const bytes = new TextEncoder().encode(JSON.stringify(whole));
  return seal(peppers, PURPOSE, Base64.fromByteArray(bytes));
};

/**
 * Verifies the signature of a state and reads it. Whether the state belongs to this caller and call is not checked.
 *
 * @returns undefined if the signature is wrong or the state has expired.
 */
export const openState = async (
  peppers: readonly Pepper[],
  sealed: string,
): Promise<RequestState | undefined> => {
  const text = await unseal(peppers, PURPOSE, sealed);
  if (text === undefined) return undefined;
  const state = JSON.parse(new TextDecoder().decode(Base64.toByteArray(text))) as RequestState;
  return state.expiresAt > Date.now() ? state : undefined;
};

/** What a held call should be, as a model of a few fields, beside the call itself. */
import type { Doc } from "../../../convex/_generated/dataModel";
import { rows, rpc } from "../../support/gate";
import type { Shop } from "../setup";

type State = Doc<"toolgateJobs">["state"];

/** The model of a held call. */
export interface Model {
  state: State;
  /** Whether nobody has decided in time. */
  isLate: boolean;
  isRevoked: boolean;
  isDemoted: boolean;
  isNarrowed: boolean;
  /** Whether the rule of the key no longer holds the tool. */
  isLifted: boolean;
  /** The clock went on, which it does once. */
  hasPassed: boolean;
  /** How often somebody allowed has said yes to a call that could run then. */
  yeses: number;
  /** Those of them whose tool has run, or must have. */
  effects: number;
}

/** The call, and who makes it. */
export interface Real extends Shop {
  readonly tool: "always" | "slow" | "plain";
  readonly thing: string;
  readonly subject: string;
  /** Of the newest key. */
  own: { key: string; keyId: string };
}

/** The rights at the yes count. What was taken and given back meanwhile is there; a revocation is never taken back. */
export const mayRun = ({ isRevoked, isDemoted, isNarrowed }: Model) =>
  !isRevoked && !isDemoted && !isNarrowed;

export const isFinal = ({ state }: Model) => !["awaiting_approval", "queued"].includes(state);

export const theJob = async ({ t, subject }: Real): Promise<Doc<"toolgateJobs">> =>
  (await rows(t, "toolgateJobs")).filter((job) => job.subject === subject).at(-1)!;

export const callIt = ({ t, own, tool, thing }: Real) =>
  rpc(t, own.key, "tools/call", {
    name: tool,
    arguments: { thing, count: 1, idempotencyKey: `once-only-${thing}` },
  });

/** One decision: sent once, and its answer in words. */
import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { failureOf, isUntold } from "../../api/failure";
import { run } from "../../api/run";
import type { ApprovalDetail } from "../../../src/approvals/get";
import { visible } from "../../text/plain";
import { keepDecider } from "./decider";
import { isWaiting, NOT_RECORDED, refusalLine } from "./words";

export interface Said {
  readonly isGood: boolean;
  readonly text: string;
}

interface Deciding {
  readonly verdict: "approve" | "deny";
  readonly by: string;
  readonly note: string;
}

/** What an answer that did not come means is in the row: the decision may be there. */
const lookAgain = async (jobId: string): Promise<Said> => {
  const now = await run("admin:getApproval", { jobId }).catch(() => undefined);
  if (now === undefined)
    return { isGood: false, text: "No answer came. Look again before you decide again." };
  return isWaiting(now)
    ? { isGood: false, text: NOT_RECORDED }
    : { isGood: true, text: "No answer came, but there is a decision:" };
};

/** @returns what to say of the last decision, what decides, and whether one is on its way. */
export const useDecision = ({ jobId, seen }: Pick<ApprovalDetail, "jobId" | "seen">) => {
  const client = useQueryClient();
  const [said, setSaid] = useState<Said>();
  const [isDeciding, setIsDeciding] = useState(false);

  const decide = async ({ verdict, by, note }: Deciding): Promise<void> => {
    setIsDeciding(true);
    keepDecider(by);
    const noted = note.trim() === "" ? {} : { note: note.trim() };
    try {
      const { message } = await run("admin:decideApproval", { jobId, verdict, seen, by, ...noted });
      // Of a denial the card itself says all.
      setSaid(verdict === "approve" ? { isGood: true, text: visible(message) } : undefined);
    } catch (error) {
      const failure = failureOf(error);
      setSaid(
        isUntold(failure) ? await lookAgain(jobId) : { isGood: false, text: refusalLine(failure) },
      );
    } finally {
      setIsDeciding(false);
      void client.invalidateQueries();
    }
  };
  return { said, decide, isDeciding };
};

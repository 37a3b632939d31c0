/** Makes a key by a function whose answer has a secret: past the cache, so that the secret is in the hands of one dialog alone. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Failure, failureOf, isUntold } from "../../api/failure";
import type { Functions } from "../../api/functions";
import { run } from "../../api/run";

type Issuing = "admin:createKey" | "admin:rotateKey";

export interface Issued {
  readonly secret: string;
  readonly name: string;
}

/** A key whose answer is lost exists, and nobody has it: trying again makes another beside it. */
const lost = (failure: Failure): Failure =>
  isUntold(failure)
    ? new Failure(
        failure.code,
        `${failure.message} The key may have been made: look for it in the list before you try again, and revoke it.`,
      )
    : failure;

/** @param issued - gets the key. */
export const useIssue = <Name extends Issuing>(name: Name, issued: (key: Issued) => void) => {
  const client = useQueryClient();
  const [state, setState] = useState<{ isBusy: boolean; error?: Failure }>({ isBusy: false });
  /** @param makeArgs - what it throws is shown as a failure of the form. */
  const issue = async (makeArgs: () => Functions[Name]["args"]): Promise<void> => {
    setState({ isBusy: true });
    try {
      const { key, name: called } = await run<Issuing>(name, makeArgs());
      issued({ secret: key, name: called });
      setState({ isBusy: false });
      await client.invalidateQueries();
    } catch (error) {
      setState({ isBusy: false, error: lost(failureOf(error)) });
      // It shows a key that was made all the same.
      await client.invalidateQueries();
    }
  };
  return { ...state, issue };
};

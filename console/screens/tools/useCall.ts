/** One call of the playground: sends it, and keeps what comes as it comes. */
import { useCallback, useEffect, useRef, useState } from "react";
import { sendMessage } from "../../api/playground";
import { readAnswer, type Head, type Part } from "./readAnswer";
import { HEADERS, type Message } from "./request";

export interface Call {
  readonly isOpen: boolean;
  readonly head?: Head;
  readonly parts: readonly Part[];
  /** Set at the end: how long it took, in milliseconds. */
  readonly ms?: number;
  /** Why there is no answer, or no more of it. */
  readonly broken?: string;
}

/** More than these of one answer are not kept on the page. */
const MAX_PARTS = 500;

const brokenOf = (error: unknown, stopped: boolean): string => {
  if (stopped) return "You stopped listening. A call that has begun may go on.";
  return error instanceof Error ? error.message : "The answer broke off.";
};

/** @returns the newest call, what sends another, and what ends listening. Leaving the screen ends it too. */
export const useCall = () => {
  const [call, setCall] = useState<Call>();
  const controller = useRef<AbortController>(undefined);

  const stop = useCallback(() => {
    controller.current?.abort();
  }, []);
  useEffect(() => stop, [stop]);

  const send = useCallback(async (message: Message, key: string): Promise<void> => {
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    const since = performance.now();
    const ms = () => Math.round(performance.now() - since);
    const change = (changes: (call: Call) => Call): void => {
      if (controller.current === own) setCall((now) => changes(now ?? { isOpen: true, parts: [] }));
    };
    setCall({ isOpen: true, parts: [] });
    try {
      const response = await sendMessage(message, HEADERS, key, own.signal);
      await readAnswer(
        response,
        (head) => {
          change((now) => ({ ...now, head }));
        },
        (part) => {
          const timed = { ...part, ms: ms() };
          change((now) => ({ ...now, parts: [...now.parts, timed].slice(-MAX_PARTS) }));
        },
      );
      change((now) => ({ ...now, isOpen: false, ms: ms() }));
    } catch (error) {
      const broken = brokenOf(error, own.signal.aborted);
      change((now) => ({ ...now, isOpen: false, ms: ms(), broken }));
    }
  }, []);

  return { call, send, stop };
};

/** The two steps, each with what it does and a second press: nothing happens by one click. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Money } from "../shared/format";
import type { Order } from "./values";
import type { Work } from "./work";

interface StepProps {
  readonly order: Order;
  readonly work: Work;
  readonly money: Money;
  /** There is nothing more to do in the step. */
  readonly done: () => void;
  /** The person does not want it after all. */
  readonly back: () => void;
}

/** A call that takes this long may wait for the client to ask the person. */
const LONG_MS = 8_000;

const Pending = ({ isBusy }: { isBusy: boolean }) => {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    const timer = setTimeout(() => {
      setLong(true);
    }, LONG_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isBusy]);
  return (
    <p role="status" class="small muted">
      {isBusy && (isLong ? "Still waiting. Your app may be asking you to agree." : "Working …")}
    </p>
  );
};

interface PanelProps {
  readonly title: string;
  readonly action: string;
  readonly keep: string;
  readonly tone: "main" | "danger";
  readonly work: Work;
  readonly submit: () => void;
  readonly back: () => void;
  readonly children: ComponentChildren;
}

/** No form: a client's sandbox need not let a view send one. */
const Panel = ({ title, action, keep, tone, work, submit, back, children }: PanelProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div
      class="step"
      role="group"
      aria-labelledby="step"
      onKeyDown={({ key }) => {
        if (key === "Escape" && !work.isBusy) back();
      }}
    >
      <h2 id="step" tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
      <div class="actions">
        <button type="button" class={tone} aria-disabled={work.isBusy} onClick={submit}>
          {action}
        </button>
        <button
          type="button"
          aria-disabled={work.isBusy}
          onClick={() => {
            if (!work.isBusy) back();
          }}
        >
          {keep}
        </button>
      </div>
      <Pending isBusy={work.isBusy} />
    </div>
  );
};

export const ConfirmStep = ({ order, work, money, done, back }: StepProps) => {
  const expectedTotalMinor = work.newTotalMinor ?? order.totalMinor;
  const total = money.format(expectedTotalMinor);
  const submit = async () => {
    if (await work.run("orders_confirm", { expectedTotalMinor })) done();
  };
  return (
    <Panel
      title="Confirm this order?"
      action={`Confirm for ${total}`}
      keep="Back"
      tone="main"
      work={work}
      submit={() => void submit()}
      back={back}
    >
      <p class="muted">It takes the stock of all lines, or of none.</p>
    </Panel>
  );
};

/** The longest reason that the ERP keeps. */
const LONGEST_REASON = 500;

interface ReasonProps {
  readonly reason: string;
  readonly isMissing: boolean;
  readonly write: (reason: string) => void;
  readonly submit: () => void;
}

const Reason = ({ reason, isMissing, write, submit }: ReasonProps) => {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (isMissing) field.current?.focus();
  }, [isMissing]);
  return (
    <div class="field">
      <label for="reason">Why? It is kept with the order.</label>
      <input
        id="reason"
        ref={field}
        value={reason}
        maxLength={LONGEST_REASON}
        autoComplete="off"
        aria-required
        aria-invalid={isMissing}
        {...(isMissing && { "aria-describedby": "missing" })}
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
        }}
        onKeyDown={({ key }) => {
          if (key === "Enter") submit();
        }}
      />
      {isMissing && (
        <p id="missing" class="small wrong">
          Say why in a word or two.
        </p>
      )}
    </div>
  );
};

export const CancelStep = ({ order, work, done, back }: StepProps) => {
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const cancel = async () => {
    const why = reason.trim();
    setMissing(why === "");
    // Where the server can ask the person itself, it does, and `confirm` counts for nothing.
    if (why !== "" && (await work.run("orders_cancel", { reason: why, confirm: true }))) done();
  };
  const submit = () => void cancel();
  return (
    <Panel
      title={`Cancel order ${order.number}?`}
      action="Cancel for good"
      keep="Keep order"
      tone="danger"
      work={work}
      submit={submit}
      back={back}
    >
      <Reason reason={reason} isMissing={isMissing} write={setReason} submit={submit} />
    </Panel>
  );
};

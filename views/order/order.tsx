/** The card of an order: what it holds, and the two steps that a person can take. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { day, moneyIn, type Money, type Place } from "../shared/format";
import type { Shown } from "../shared/view";
import { Head, Lines, Sums } from "./parts";
import { CancelStep, ConfirmStep } from "./steps";
import { useWork, type Told } from "./work";
import type { Order } from "./values";

type Step = "confirm" | "cancel";

const Notice = ({ told }: { told: Told | undefined }) => {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (told !== undefined) element.current?.focus();
  }, [told]);
  return (
    <div
      ref={element}
      role={told?.tone === "danger" ? "alert" : "status"}
      tabIndex={-1}
      class={told === undefined ? "unseen" : `notice ${told.tone}`}
    >
      {told?.text}
    </div>
  );
};

const Cancelled = ({ order, place }: { order: Order; place: Place }) => (
  <p class="note muted">
    Cancelled{order.cancelledAt !== undefined && ` on ${day(order.cancelledAt, place)}`}
    {order.cancelReason !== undefined && (
      <>
        : <bdi>{order.cancelReason}</bdi>
      </>
    )}
  </p>
);

interface ActionsProps {
  readonly order: Order;
  readonly choose: (step: Step) => void;
  /** The step that the person has just left without taking it. */
  readonly left: Step | undefined;
}

/** As a `ref`: focuses an element as it appears. */
const focusNow = (element: HTMLElement | null): void => {
  element?.focus();
};

const Actions = ({ order: { status }, choose, left }: ActionsProps) => {
  const button = (step: Step, text: string, look = "") => (
    <button
      type="button"
      class={look}
      ref={left === step ? focusNow : null}
      onClick={() => {
        choose(step);
      }}
    >
      {text}
    </button>
  );
  if (status !== "draft" && status !== "confirmed") return null;
  return (
    <div class="actions">
      {status === "draft" && button("confirm", "Confirm order", "main")}
      {button("cancel", "Cancel order")}
    </div>
  );
};

const Card = ({ order, money, place }: { order: Order; money: Money; place: Place }) => (
  <>
    <Head title={`Order ${order.number}`} status={order.status}>
      <bdi>{order.customerName}</bdi> · {day(order.createdAt, place)}
    </Head>
    <Lines lines={order.lines} money={money} place={place} />
    <Sums rows={[["Total", money.format(order.totalMinor)]]} />
    {order.status === "cancelled" && <Cancelled order={order} place={place} />}
  </>
);

export const OrderCard = ({ value, host, place }: Shown<Order>) => {
  const [step, setStep] = useState<Step>();
  const [left, setLeft] = useState<Step>();
  const money = moneyIn(value.currency, place);
  const work = useWork(value, host, money);
  const { order, told } = work;
  const done = () => {
    setStep(undefined);
  };
  const back = () => {
    setLeft(step);
    setStep(undefined);
  };
  const choose = (next: Step) => {
    setLeft(undefined);
    setStep(next);
  };
  const steps = { order, work, money, done, back };
  return (
    <>
      <Card order={order} money={money} place={place} />
      <Notice told={told} />
      {step === "confirm" && <ConfirmStep {...steps} />}
      {step === "cancel" && <CancelStep {...steps} />}
      {step === undefined && host.callsTools && (
        <Actions order={order} choose={choose} left={left} />
      )}
    </>
  );
};

/** Calls the tools that change an order, and keeps what the card then shows. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Money } from "../shared/format";
import type { Host } from "../shared/host";
import { readResult, type Read } from "../shared/result";
import { isOrder, type Order } from "./values";

/** What the person is told of the last step. */
export interface Told {
  readonly tone: "success" | "danger";
  readonly text: string;
}

type Tool = "orders_confirm" | "orders_cancel";

export interface Work {
  readonly order: Order;
  readonly told: Told | undefined;
  readonly isBusy: boolean;
  /** The total at current prices, if a confirmation has found that they have changed. */
  readonly newTotalMinor: number | undefined;
  /** Calls a tool for the order; true if there is no use in the same step again. */
  readonly run: (tool: Tool, args: object) => Promise<boolean>;
}

const DONE: Readonly<Record<Tool, (order: Order) => string>> = {
  orders_confirm: ({ number }) => `Order ${number} is confirmed, and its stock is taken.`,
  orders_cancel: ({ number }) => `Order ${number} is cancelled.`,
};

/** Where `orders_confirm` names the total at current prices. */
const NEW_TOTAL = /expectedTotalMinor (\d+)/;

const newTotalIn = ({ code, message }: { code: string; message: string }): number | undefined => {
  const total = NEW_TOTAL.exec(message)?.[1];
  return code === "total_changed" && total !== undefined ? Number(total) : undefined;
};

/** 16 random bytes. `crypto.randomUUID` is only there for pages from a secure origin. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** The same call has the same key, so that pressing again after a lost answer does nothing twice. */
const useKeys = () => {
  const last = useRef({ call: "", key: "" });
  return (tool: Tool, args: object): string => {
    const call = JSON.stringify([tool, args]);
    if (last.current.call !== call) last.current = { call, key: newKey() };
    return last.current.key;
  };
};

const callFor = async (host: Host, tool: string, args: object): Promise<Read<Order>> => {
  try {
    return readResult(await host.call(tool, args), isOrder);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { state: "failed", code: "unreached", message };
  }
};

/** Codes of failures after which the same step may still succeed. */
const AGAIN = ["total_changed", "unreached", "invalid_arguments"];

const dangerOf = (read: Read<Order> & { state: "failed" }, money: Money, was: number): string => {
  const total = newTotalIn(read);
  if (total !== undefined)
    return `Prices have changed: the order now comes to ${money.format(total)}, not ${money.format(was)}. Nothing was confirmed.`;
  return read.code === "unreached"
    ? `No answer came: ${read.message}. The card shows the order as it is now, as far as it could be read.`
    : read.message;
};

/** @param first - the order as the tool that the view belongs to has returned it. */
export const useWork = (first: Order, host: Host, money: Money): Work => {
  const [order, setOrder] = useState(first);
  const [told, setTold] = useState<Told>();
  const [isBusy, setBusy] = useState(false);
  const [newTotalMinor, setNewTotal] = useState<number>();
  const keyFor = useKeys();
  useEffect(() => {
    setOrder(first);
    setTold(undefined);
  }, [first]);

  const show = (read: Read<Order>): void => {
    if (read.state === "value") setOrder(read.value);
  };

  const run = async (tool: Tool, args: object): Promise<boolean> => {
    if (isBusy) return false;
    setBusy(true);
    setTold(undefined);
    const own = { orderId: order.id, ...args };
    const read = await callFor(host, tool, { ...own, idempotencyKey: keyFor(tool, own) });
    if (read.state === "value") {
      const text = DONE[tool](read.value);
      setTold({ tone: "success", text });
      host.tell(`In the order card the user has done this: ${text}`);
    } else {
      setTold({ tone: "danger", text: dangerOf(read, money, order.totalMinor) });
      setNewTotal(newTotalIn(read));
    }
    show(read.state === "value" ? read : await callFor(host, "orders_get", { orderId: order.id }));
    setBusy(false);
    return read.state === "value" || !AGAIN.includes(read.code);
  };
  return { order, told, isBusy, newTotalMinor, run };
};

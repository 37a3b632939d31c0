/** The card of an invoice. Its lines are those of its order, which a tool tells. */
import { useEffect, useState } from "preact/hooks";
import { day, moneyIn, type Money, type Place } from "../shared/format";
import type { Host } from "../shared/host";
import { readResult } from "../shared/result";
import type { Shown } from "../shared/view";
import { Head, Lines, Sums } from "./parts";
import { isOrder, type Invoice, type Order } from "./values";

/** The order of the invoice; undefined until it is known, and for callers who may not read it. */
const useOrder = (host: Host, orderId: string): Order | undefined => {
  const [order, setOrder] = useState<Order>();
  useEffect(() => {
    if (!host.callsTools) return;
    host.call("orders_get", { orderId }).then(
      (result) => {
        const read = readResult(result, isOrder);
        if (read.state === "value") setOrder(read.value);
      },
      () => undefined,
    );
  }, [host, orderId]);
  return order;
};

interface PaymentsProps {
  readonly payments: Invoice["payments"];
  readonly money: Money;
  readonly place: Place;
}

const Payments = ({ payments, money, place }: PaymentsProps) => (
  <ul class="payments" aria-label="Payments">
    {payments.map(({ id, method, reference, recordedAt, amountMinor }) => (
      <li key={id}>
        <span>
          Paid {day(recordedAt, place)} by {method.replaceAll("_", " ")}
          <bdi class="muted small under">{reference}</bdi>
        </span>
        <span class="number">{money.format(amountMinor)}</span>
      </li>
    ))}
  </ul>
);

export const InvoiceCard = ({ value: invoice, host, place }: Shown<Invoice>) => {
  const money = moneyIn(invoice.currency, place);
  const order = useOrder(host, invoice.orderId);
  return (
    <>
      <Head title={`Invoice ${invoice.number}`} status={invoice.status}>
        <bdi>{invoice.customerName}</bdi> · {day(invoice.issuedAt, place)} · order{" "}
        {invoice.orderNumber}
      </Head>
      {order && <Lines lines={order.lines} money={money} place={place} />}
      {invoice.payments.length > 0 && (
        <Payments payments={invoice.payments} money={money} place={place} />
      )}
      <Sums
        rows={[
          ["Total", money.format(invoice.totalMinor)],
          ["Paid", money.format(invoice.paidMinor)],
          ["Open", money.format(invoice.openMinor)],
        ]}
      />
    </>
  );
};

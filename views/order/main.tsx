/** The view of orders and invoices. */
import { start } from "../shared/view";
import { InvoiceCard } from "./invoice";
import { OrderCard } from "./order";
import { isDocument, isInvoice } from "./values";
import "./style.css";

start({
  name: "order",
  what: "the order or invoice",
  isValue: isDocument,
  show: ({ value, ...rest }) =>
    isInvoice(value) ? (
      <InvoiceCard value={value} {...rest} />
    ) : (
      <OrderCard key={value.id} value={value} {...rest} />
    ),
});

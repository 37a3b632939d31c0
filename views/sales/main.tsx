/** The view of the sales summary. */
import { start } from "../shared/view";
import { SummaryCard } from "./summary";
import { isSummary } from "./values";
import "./style.css";

start({
  name: "sales",
  what: "the sales summary",
  isValue: isSummary,
  show: (shown) => <SummaryCard {...shown} />,
});

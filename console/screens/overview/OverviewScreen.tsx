/** How the deployment is doing: what was called, how it ended, how long it took, and what needs somebody. */
import { SegmentedControl } from "@mantine/core";
import type { ReactElement } from "react";
import type { Overview, Span } from "../../api/shapes";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Time } from "../../parts/Time";
import { useFilters } from "../../route/filters";
import { Attention } from "./Attention";
import { CallsChart } from "./CallsChart";
import { allCalls } from "./groups";
import { Latency } from "./Latency";
import { NoCalls } from "./NoCalls";
import { Tiles } from "./Tiles";
import { ToolTable } from "./ToolTable";
import { useOverview, type Counted } from "./useOverview";

const SPANS: readonly { value: Span; label: string }[] = [
  { value: "hour", label: "Hour" },
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
];

const FILTERS = ["span"] as const;

/** How far the log is counted. */
const Reach = ({
  counted: { overview, isBehind },
}: {
  readonly counted: Counted;
}): ReactElement => (
  <>
    Counted up to <Time at={overview.foldedTo} />.{" "}
    {isBehind ? "The rest is being counted." : "The newest two minutes are not in it."}
  </>
);

const Content = ({
  overview,
  span,
}: {
  readonly overview: Overview;
  readonly span: Span;
}): ReactElement => (
  <>
    <Tiles overview={overview} />
    <Attention overview={overview} />
    {allCalls(overview) === 0 ? (
      <NoCalls span={span} />
    ) : (
      <>
        <CallsChart overview={overview} />
        <Latency overview={overview} />
        <ToolTable overview={overview} />
      </>
    )}
  </>
);

const OverviewScreen = (): ReactElement => {
  const [filters, filter] = useFilters(FILTERS);
  const span = SPANS.find(({ value }) => value === filters.span)?.value ?? "hour";
  const query = useOverview(span);
  return (
    <Page
      title="Overview"
      hint={query.data ? <Reach counted={query.data} /> : "The newest two minutes are not in it."}
      actions={
        <SegmentedControl
          aria-label="The last"
          data={[...SPANS]}
          value={span}
          onChange={(value) => {
            filter({ span: value === "hour" ? undefined : value });
          }}
        />
      }
    >
      <Loaded query={query} rows={8}>
        {({ overview }) => <Content overview={overview} span={span} />}
      </Loaded>
    </Page>
  );
};

export default OverviewScreen;

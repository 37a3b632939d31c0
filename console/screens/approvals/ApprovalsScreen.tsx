/** What waits for a person, and what people have decided. */
import { SegmentedControl } from "@mantine/core";
import type { ReactElement } from "react";
import type { ApprovalInfo } from "../../../src/approvals/info";
import { usePages } from "../../api/usePages";
import { useRun } from "../../api/useRun";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Panes } from "../../parts/Panes";
import { OLDEST_FIRST, Pager } from "../../parts/Pager";
import { useFilters } from "../../route/filters";
import { ApprovalList } from "./ApprovalList";
import { Card } from "./Card";
import { lastDecider } from "./decider";

/** How often to look, in ms: somebody may wait for the answer. */
const EVERY = 3_000;

type Shown = "waiting" | "decided";

/** It is mounted anew for each call, so that no card ever shows the call before. */
const Opened = ({ jobId }: { readonly jobId: string }): ReactElement => {
  const query = useRun("admin:getApproval", { jobId }, { every: 2 * EVERY });
  return <Loaded query={query}>{(approval) => <Card newest={approval} />}</Loaded>;
};

const None = ({ shown }: { readonly shown: Shown }): ReactElement =>
  shown === "waiting" ? (
    <Empty title="Nothing waits for a person">
      <p>
        A call waits here if its tool, its key or its role asks for approval: <code>approval</code>{" "}
        in the tool&apos;s line, or <code>--approval</code> on a key.
      </p>
    </Empty>
  ) : (
    <Empty title="Nothing was decided yet" />
  );

interface ListProps {
  readonly shown: Shown;
  readonly open: string | undefined;
}

const hrefOf =
  (shown: Shown) =>
  (jobId: string): string =>
    `#/approvals?show=${shown}&open=${encodeURIComponent(jobId)}`;

const List = ({ approvals, shown, open }: ListProps & { approvals: readonly ApprovalInfo[] }) =>
  approvals.length === 0 ? (
    <None shown={shown} />
  ) : (
    <ApprovalList {...{ approvals, open, me: lastDecider(), hrefOf: hrefOf(shown) }} />
  );

const Side = ({ shown, open }: ListProps): ReactElement => {
  const pages = usePages("admin:listApprovals", { state: shown, limit: 25 }, { every: EVERY });
  return (
    <Loaded query={pages.query}>
      {({ approvals }) => (
        <>
          <List {...{ approvals, shown, open }} />
          <Pager pages={pages} {...(shown === "waiting" && { words: OLDEST_FIRST })} />
        </>
      )}
    </Loaded>
  );
};

const ApprovalsScreen = (): ReactElement => {
  const [{ show, open }, change] = useFilters(["show", "open"]);
  const shown: Shown = show === "decided" ? "decided" : "waiting";
  return (
    <Page
      title="Approvals"
      hint="What you approve runs once, with these arguments. Your name is recorded."
      actions={
        <SegmentedControl
          aria-label="Show"
          data={[
            { value: "waiting", label: "Waiting" },
            { value: "decided", label: "Decided" },
          ]}
          value={shown}
          onChange={(value) => {
            change({ show: value, open: undefined });
          }}
        />
      }
    >
      <Panes
        side={<Side key={shown} shown={shown} open={open} />}
        back={{ href: `#/approvals?show=${shown}`, text: `All ${shown}` }}
        hint="Choose a call to see what it would do."
      >
        {open === undefined ? undefined : <Opened key={open} jobId={open} />}
      </Panes>
    </Page>
  );
};

export default ApprovalsScreen;

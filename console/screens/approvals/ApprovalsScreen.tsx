/** What waits for a person, and what people have decided. */
import { SegmentedControl } from "@mantine/core";
import type { ReactElement } from "react";
import { usePages } from "../../api/usePages";
import { useRun } from "../../api/useRun";
import { Empty, NoMore } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Panes } from "../../parts/Panes";
import { OLDEST_FIRST, Pager } from "../../parts/Pager";
import { TenantField } from "../../parts/TenantField";
import { useFilters } from "../../route/filters";
import { visibleLine } from "../../text/plain";
import { ApprovalList } from "./ApprovalList";
import { Card } from "./Card";
import { lastDecider } from "./decider";

/** How often to look, in ms: somebody may wait for the answer. */
const EVERY = 3_000;

type Shown = "waiting" | "decided";

/** Which list is shown. */
interface Place {
  readonly shown: Shown;
  /** All, unless given. */
  readonly tenant: string | undefined;
}

/** @param open - the id of the call that is open there. */
const hrefOf = ({ shown, tenant }: Place, open?: string): string => {
  const search = new URLSearchParams({ show: shown });
  if (tenant !== undefined) search.set("tenant", tenant);
  if (open !== undefined) search.set("open", open);
  return `#/approvals?${search.toString()}`;
};

/** It is mounted anew for each call, so that no card ever shows the call before. */
const Opened = ({ jobId }: { readonly jobId: string }): ReactElement => {
  const query = useRun("admin:getApproval", { jobId }, { every: 2 * EVERY });
  return <Loaded query={query}>{(approval) => <Card newest={approval} />}</Loaded>;
};

const Nothing = ({ shown }: Pick<Place, "shown">): ReactElement =>
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

const None = ({
  shown,
  tenant,
  hasMore,
  isFirst,
}: Place & { readonly hasMore: boolean; readonly isFirst: boolean }): ReactElement => {
  if (!isFirst && !hasMore) return <NoMore />;
  if (tenant === undefined) return <Nothing shown={shown} />;
  const done = shown === "waiting" ? "waits" : "was decided";
  return hasMore ? (
    <Empty title="None of this tenant on this page">
      <p>Look further back with “Older”.</p>
    </Empty>
  ) : (
    <Empty title={`Nothing ${done} in the tenant ${visibleLine(tenant)}`} />
  );
};

const Side = ({ open, ...place }: Place & { readonly open: string | undefined }): ReactElement => {
  const { shown, tenant } = place;
  const args = { state: shown, limit: 25, ...(tenant !== undefined && { tenant }) };
  const pages = usePages("admin:listApprovals", args, { every: EVERY });
  return (
    <Loaded query={pages.query}>
      {({ approvals, nextCursor }) => (
        <>
          {approvals.length === 0 ? (
            <None {...place} hasMore={nextCursor !== null} isFirst={pages.page === 1} />
          ) : (
            <ApprovalList
              {...{ approvals, open, me: lastDecider() }}
              hrefOf={(jobId) => hrefOf(place, jobId)}
            />
          )}
          <Pager pages={pages} {...(shown === "waiting" && { words: OLDEST_FIRST })} />
        </>
      )}
    </Loaded>
  );
};

const ApprovalsScreen = (): ReactElement => {
  const [{ show, open, tenant }, change] = useFilters(["show", "open", "tenant"]);
  const shown: Shown = show === "decided" ? "decided" : "waiting";
  const place = { shown, tenant };
  return (
    <Page
      title="Approvals"
      hint="What you approve runs once, with these arguments. Your name is recorded."
      actions={
        <>
          <TenantField
            tenant={tenant}
            choose={(chosen) => {
              change({ tenant: chosen, open: undefined });
            }}
          />
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
        </>
      }
    >
      <Panes
        side={<Side key={shown} {...place} open={open} />}
        back={{ href: hrefOf(place), text: `All ${shown}` }}
        hint="Choose a call to see what it would do."
      >
        {open === undefined ? undefined : <Opened key={open} jobId={open} />}
      </Panes>
    </Page>
  );
};

export default ApprovalsScreen;

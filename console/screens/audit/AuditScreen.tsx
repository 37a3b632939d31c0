/** The record: every call and every change, the newest first. */
import { Button, Switch } from "@mantine/core";
import { useMemo, type ReactElement } from "react";
import { useKeyNames } from "../../api/useKeyNames";
import { DataTable } from "../../parts/DataTable";
import { Empty, NoMore } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Note } from "../../parts/Note";
import { Page } from "../../parts/Page";
import { Pager } from "../../parts/Pager";
import { useFilters } from "../../route/filters";
import classes from "./audit.module.css";
import { columnsOf } from "./columns";
import { EntryDialog } from "./EntryDialog";
import { ExportButton } from "./ExportButton";
import { FilterBar } from "./FilterBar";
import { FILTERS, type AuditFilters } from "./filterNames";
import { SealButton } from "./SealButton";
import { SealState } from "./SealState";
import { useLiveRows } from "./useLiveRows";

const None = ({
  filters,
  hasMore,
  isFirst,
}: {
  filters: AuditFilters;
  hasMore: boolean;
  isFirst: boolean;
}): ReactElement => {
  if (hasMore)
    return (
      <Empty title="No match in these rows">
        <p>A search looks through 500 rows at a time. Look further back with “Older”.</p>
      </Empty>
    );
  if (!isFirst) return <NoMore />;
  return Object.keys(filters).length > 0 ? (
    <Empty title="No row matches" />
  ) : (
    <Empty title="No call yet">
      <p>Each call of an agent, each refusal and each change by an operator leaves a row here.</p>
    </Empty>
  );
};

interface RowsProps {
  readonly filters: AuditFilters;
  readonly isLive: boolean;
}

const Rows = ({ filters, isLive }: RowsProps): ReactElement => {
  const [{ row: open }, change] = useFilters(["row"]);
  const { pages, news, showNews, problem } = useLiveRows(filters, isLive);
  const names = useKeyNames();
  const columns = useMemo(() => columnsOf(names), [names]);
  return (
    <Loaded query={pages.query} rows={10}>
      {({ entries, nextCursor }) => (
        <>
          {problem !== undefined && <Note tone="waiting">Not up to date: {problem.message}</Note>}
          {news !== undefined && (
            <div className={classes.new}>
              <Button variant="light" onClick={showNews}>
                {news}
              </Button>
            </div>
          )}
          {entries.length === 0 ? (
            <None filters={filters} hasMore={nextCursor !== null} isFirst={pages.page === 1} />
          ) : (
            <DataTable
              label="Audit log"
              columns={columns}
              rows={entries}
              rowKey={({ id }) => id}
              isOpen={({ id }) => id === open}
              open={({ id }) => {
                change({ row: id });
              }}
            />
          )}
          <Pager pages={pages} />
          {open !== undefined && (
            <EntryDialog
              key={open}
              row={entries.find(({ id }) => id === open)}
              close={() => {
                change({ row: undefined });
              }}
            />
          )}
        </>
      )}
    </Loaded>
  );
};

const AuditScreen = (): ReactElement => {
  const [filters, change] = useFilters(FILTERS);
  const [{ live }, setLive] = useFilters(["live"]);
  const isLive = live !== "off";
  return (
    <Page
      title="Audit"
      hint="Every call, every refusal and every change. Nothing here is ever changed."
      actions={
        <>
          <Switch
            label="Live"
            checked={isLive}
            onChange={({ currentTarget }) => {
              setLive({ live: currentTarget.checked ? undefined : "off" });
            }}
          />
          <SealButton />
          <ExportButton filters={filters} />
        </>
      }
    >
      <SealState />
      <FilterBar filters={filters} change={change} />
      <Rows filters={filters} isLive={isLive} />
    </Page>
  );
};

export default AuditScreen;

/** The tools: what a key sees of them, what they take and give, and a place to call one. */
import { Select, TextInput } from "@mantine/core";
import type { ReactElement } from "react";
import { useRun } from "../../api/useRun";
import { Empty } from "../../parts/Empty";
import { Loaded } from "../../parts/Loaded";
import { Page } from "../../parts/Page";
import { Panes } from "../../parts/Panes";
import { Problem } from "../../parts/Problem";
import { useFilters } from "../../route/filters";
import { visibleLine } from "../../text/plain";
import type { Tool } from "./shapes";
import { ToolCard } from "./ToolCard";
import { rowsOf, type Row } from "./rows";
import { ToolList } from "./ToolList";
import classes from "./tools.module.css";

/** As many as the list of keys gives at once. */
const MAX_KEYS = 100;

const KeyChoice = ({
  keyId,
  choose,
}: {
  keyId: string | undefined;
  choose: (keyId: string | null) => void;
}) => {
  const { data } = useRun("admin:listKeys", { limit: MAX_KEYS }, { every: 0 });
  const keys = (data?.keys ?? []).filter(({ status }) => status === "active");
  return (
    <Select
      label="As the key"
      placeholder="All tools, whoever calls"
      clearable
      searchable
      data={keys.map(({ keyId: value, name, role, tenant }) => ({
        value,
        label: visibleLine(
          `${name} · ${role}${tenant === "" ? "" : ` · ${tenant}`} (…${value.slice(-4)})`,
        ),
      }))}
      value={keyId ?? null}
      onChange={choose}
      nothingFoundMessage="No such key"
    />
  );
};

const seesText = (rows: readonly Row[]): string =>
  `It sees ${rows.filter(({ seen }) => seen?.allowed === true).length} of ${rows.length} tools.`;

const hrefOf =
  (key: string | undefined, find: string | undefined) =>
  (tool: string): string => {
    const search = new URLSearchParams({ tool });
    if (key !== undefined) search.set("key", key);
    if (find !== undefined) search.set("find", find);
    return `#/tools?${search.toString()}`;
  };

const Tools = ({ tools }: { readonly tools: readonly Tool[] }): ReactElement => {
  const [{ key, tool: open, find }, change] = useFilters(["key", "tool", "find"]);
  const seen = useRun(
    "admin:seenTools",
    { keyId: key ?? "" },
    { every: 0, enabled: key !== undefined },
  );
  // Until its answer comes, what the key before sees must not stand under this one.
  const sights = key === undefined || seen.isPlaceholderData ? undefined : seen.data?.tools;
  const all = rowsOf(tools, sights, "");
  const rows = rowsOf(tools, sights, find ?? "");
  const chosen = all.find(({ tool }) => tool.name === open);
  return (
    <>
      <div className={classes.filters}>
        <KeyChoice
          keyId={key}
          choose={(keyId) => {
            change({ key: keyId ?? undefined });
          }}
        />
        <TextInput
          label="Find"
          data-search
          value={find ?? ""}
          onChange={({ currentTarget }) => {
            change({ find: currentTarget.value });
          }}
        />
      </div>
      {key !== undefined && seen.error !== null && <Problem error={seen.error} />}
      {sights !== undefined && <p role="status">{seesText(all)}</p>}
      <Panes
        side={
          rows.length === 0 ? (
            <Empty title="No tool matches" />
          ) : (
            <ToolList rows={rows} open={open} hrefOf={hrefOf(key, find)} />
          )
        }
        back={{ href: hrefOf(key, find)(""), text: "All tools" }}
        hint="Choose a tool to read what it takes and gives, and to call it."
      >
        {chosen && <ToolCard key={chosen.tool.name} row={chosen} />}
      </Panes>
    </>
  );
};

const ToolsScreen = (): ReactElement => {
  const query = useRun("catalog:list", {}, { every: 0 });
  return (
    <Page title="Tools" hint="What agents are told of each tool, and what a key sees of them.">
      <Loaded query={query} rows={10}>
        {(listed) =>
          listed.length === 0 ? (
            <Empty title="No tool yet">
              <p>
                <code>npx toolgate add</code> shows your functions: choose those that agents get.
              </p>
            </Empty>
          ) : (
            <Tools tools={listed.map(({ text }) => JSON.parse(text) as Tool)} />
          )
        }
      </Loaded>
    </Page>
  );
};

export default ToolsScreen;

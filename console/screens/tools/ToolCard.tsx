/** One tool: what it is, what it takes and gives, and a place to call it. */
import { Tabs } from "@mantine/core";
import { lazy, Suspense, type ReactElement } from "react";
import { Facts } from "../../parts/Facts";
import { Note } from "../../parts/Note";
import { Waiting } from "../../parts/Waiting";
import { useFilters } from "../../route/filters";
import { Schema } from "./Schema";
import { hintsOf, type Row } from "./rows";
import classes from "./tools.module.css";

/** The form is heavy, and few come for it. */
const Playground = lazy(() => import("./Playground"));

const About = ({ tool }: Pick<Row, "tool">): ReactElement => (
  <>
    <p className={classes.description}>{tool.description}</p>
    <Facts facts={hintsOf(tool.annotations)} />
    <Schema title="Arguments" schema={tool.inputSchema} />
    {tool.outputSchema !== undefined && <Schema title="Answer" schema={tool.outputSchema} />}
  </>
);

export const ToolCard = ({ row: { tool, seen } }: { readonly row: Row }): ReactElement => {
  const [{ tab = "about" }, change] = useFilters(["tab"]);
  return (
    <article className={classes.card}>
      <header>
        <h2 className={classes.title}>{tool.title}</h2>
        <code>{tool.name}</code>
      </header>
      {seen?.allowed === false && (
        <Note tone="waiting" title="The chosen key does not see this tool">
          {seen.why}
        </Note>
      )}
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => {
          change({ tab: value === "about" || value === null ? undefined : value });
        }}
      >
        <Tabs.List>
          <Tabs.Tab value="about">About</Tabs.Tab>
          <Tabs.Tab value="call">Playground</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="about" className={classes.panel}>
          <About tool={tool} />
        </Tabs.Panel>
        <Tabs.Panel value="call" className={classes.panel}>
          <Suspense fallback={<Waiting />}>
            <Playground key={tool.name} tool={tool} />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </article>
  );
};

/** Which tools of its role a key may use: all of them, or those that are ticked. */
import { Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { RoleMatrix } from "../../api/shapes";
import classes from "./ToolChoice.module.css";

type Tool = RoleMatrix["tools"][number];

const matches = ({ name, title }: Tool, text: string): boolean =>
  `${name} ${title}`.toLowerCase().includes(text.trim().toLowerCase());

const Ticks = ({
  tools,
  chosen,
  choose,
}: {
  readonly tools: readonly Tool[];
  readonly chosen: readonly string[];
  readonly choose: (chosen: readonly string[]) => void;
}): ReactElement => {
  const [text, setText] = useState("");
  return (
    <div className={classes.box}>
      <TextInput
        aria-label="Find a tool"
        placeholder="Find a tool"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
      />
      <div className={classes.list} role="group" aria-label="Tools" tabIndex={0}>
        {tools
          .filter((tool) => matches(tool, text))
          .map(({ name, title, kind }) => (
            <Checkbox
              key={name}
              checked={chosen.includes(name)}
              label={
                <>
                  {title} <code>{name}</code>
                  {kind === "query" && <span className={classes.reads}> reads</span>}
                </>
              }
              onChange={(event) => {
                const rest = chosen.filter((other) => other !== name);
                choose(event.currentTarget.checked ? [...rest, name] : rest);
              }}
            />
          ))}
      </div>
    </div>
  );
};

/** @param tools - those that the role allows. */
export const ToolChoice = ({
  tools,
  chosen,
  choose,
}: {
  readonly tools: readonly Tool[];
  readonly chosen: readonly string[] | undefined;
  readonly choose: (chosen: readonly string[] | undefined) => void;
}): ReactElement => (
  <fieldset className={classes.field}>
    <legend className={classes.legend}>Tools</legend>
    <SegmentedControl
      aria-label="Tools"
      value={chosen === undefined ? "all" : "some"}
      onChange={(value) => {
        choose(value === "all" ? undefined : []);
      }}
      data={[
        { value: "all", label: `All ${tools.length} of the role` },
        { value: "some", label: chosen === undefined ? "Some" : `Some: ${chosen.length}` },
      ]}
    />
    {chosen !== undefined && <Ticks tools={tools} chosen={chosen} choose={choose} />}
  </fieldset>
);

/** The arguments as JSON text. What is wrong with them stands below, and does not keep a call back: the endpoint has its own word. */
import { Textarea } from "@mantine/core";
import { useState, type ReactElement } from "react";
import type { ArgumentsProps } from "./ArgumentsForm";
import type { Arguments } from "./request";
import classes from "./tools.module.css";
import { faultsOf } from "./validator";

const parse = (text: string): Arguments | string => {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Arguments) : "Arguments are a JSON object.";
  } catch (error) {
    return error instanceof Error ? error.message : "This is no JSON.";
  }
};

export const ArgumentsJson = ({
  id,
  schema,
  args,
  change,
  submit,
}: ArgumentsProps): ReactElement => {
  const [text, setText] = useState(() => JSON.stringify(args, null, 2));
  const parsed = parse(text);
  const faults = typeof parsed === "string" ? [parsed] : faultsOf(schema, parsed);
  return (
    <form
      id={id}
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof parsed !== "string") submit(parsed);
      }}
    >
      <Textarea
        label="Arguments"
        autosize
        minRows={6}
        maxRows={24}
        spellCheck={false}
        classNames={{ input: classes.code }}
        value={text}
        error={faults.length > 0}
        aria-describedby="argument-faults"
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          const next = parse(value);
          if (typeof next !== "string") change(next);
        }}
      />
      <ul id="argument-faults" className={classes.faults}>
        {faults.map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
      </ul>
    </form>
  );
};

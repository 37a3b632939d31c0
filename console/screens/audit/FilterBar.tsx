/** The filters of the audit log. A text counts once the field is left, or with Enter. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useEffect, useId, useState, type ReactElement } from "react";
import { useKeyNames } from "../../api/useKeyNames";
import { statusWord, type StatusName } from "../../parts/Status";
import classes from "./audit.module.css";
import { FILTERS, type AuditFilters } from "./filterNames";
import { iso, isSpan, localText } from "./timeArgs";

type Change = (changes: Partial<Record<(typeof FILTERS)[number], string | undefined>>) => void;

interface BarProps {
  readonly filters: AuditFilters;
  readonly change: Change;
}

const OUTCOMES = [
  ...["succeeded", "answered", "started", "held", "asked", "replayed"],
  ...["denied", "failed", "cancelled", "unknown"],
] as StatusName[];

const Known = ({ id, known }: { id: string; known: ReadonlyMap<string, string> }): ReactElement => (
  <datalist id={id}>
    {[...known].map(([value, words]) => (
      <option key={value} value={value}>
        {words}
      </option>
    ))}
  </datalist>
);

const TextFilter = ({
  label,
  value = "",
  isFirst = false,
  known,
  apply,
}: {
  readonly label: string;
  readonly value: string | undefined;
  readonly isFirst?: boolean;
  /** Values to choose from, each with its words. Others can be typed. */
  readonly known?: ReadonlyMap<string, string>;
  readonly apply: (value: string) => void;
}): ReactElement => {
  const [draft, setDraft] = useState(value);
  useEffect(() => {
    setDraft(value);
  }, [value]);
  const leave = (): void => {
    if (draft.trim() !== value) apply(draft.trim());
  };
  const list = useId();
  return (
    <TextInput
      label={label}
      value={draft}
      spellCheck={false}
      autoComplete="off"
      {...(isFirst && { "data-search": true })}
      {...(known && { list, rightSection: <Known id={list} known={known} /> })}
      onChange={({ currentTarget }) => {
        setDraft(currentTarget.value);
      }}
      onBlur={leave}
      onKeyDown={({ key }) => {
        if (key === "Enter") leave();
      }}
    />
  );
};

const SPANS = [
  { value: "", label: "All" },
  { value: "1h", label: "Last hour" },
  { value: "1d", label: "Last day" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "between", label: "Between…" },
];

/** A span is chosen by name; all else is two times, of this place in the form, and of UTC in the address: a link shows the same rows anywhere. */
const TimeFilter = ({ filters: { since = "", until = "" }, change }: BarProps): ReactElement => {
  const isBetween = until !== "" || (since !== "" && !isSpan(since));
  const [asks, setAsks] = useState(isBetween);
  const shows = asks || isBetween;
  return (
    <>
      <NativeSelect
        label="Time"
        data={SPANS}
        value={shows ? "between" : since}
        onChange={({ currentTarget: { value } }) => {
          setAsks(value === "between");
          change({ since: value === "between" ? undefined : value, until: undefined });
        }}
      />
      {shows && (
        <>
          <TextInput
            type="datetime-local"
            label="From"
            value={isSpan(since) ? "" : localText(since)}
            onChange={({ currentTarget }) => {
              change({ since: iso(currentTarget.value) });
            }}
          />
          <TextInput
            type="datetime-local"
            label="To"
            value={localText(until)}
            onChange={({ currentTarget }) => {
              change({ until: iso(currentTarget.value) });
            }}
          />
        </>
      )}
    </>
  );
};

const TEXTS = [
  ["tool", "Tool"],
  ["keyId", "Key"],
  ["tenant", "Tenant"],
  ["operation", "Operation"],
] as const;

export const FilterBar = ({ filters, change }: BarProps): ReactElement => {
  const names = useKeyNames();
  const isSet = Object.keys(filters).length > 0;
  return (
    <div className={classes.filters} role="search" aria-label="Filters">
      {TEXTS.map(([name, label], at) => (
        <TextFilter
          key={name}
          label={label}
          value={filters[name]}
          isFirst={at === 0}
          {...(name === "keyId" && { known: names })}
          apply={(value) => {
            change({ [name]: value });
          }}
        />
      ))}
      <NativeSelect
        label="Outcome"
        data={[
          { value: "", label: "All" },
          ...OUTCOMES.map((value) => ({ value, label: statusWord(value) })),
        ]}
        value={filters.outcome ?? ""}
        onChange={({ currentTarget }) => {
          change({ outcome: currentTarget.value });
        }}
      />
      <TimeFilter filters={filters} change={change} />
      {isSet && (
        <Button
          variant="default"
          onClick={() => {
            change(Object.fromEntries(FILTERS.map((name) => [name, undefined])));
          }}
        >
          Clear
        </Button>
      )}
    </div>
  );
};

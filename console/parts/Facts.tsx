/** Names and values, one below the other: what is known of one thing. */
import type { ReactElement, ReactNode } from "react";
import classes from "./Facts.module.css";

/** @param facts - name → value; one without a value is left out. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactElement => (
  <dl className={classes.facts}>
    {facts
      .filter(([, value]) => value !== undefined && value !== null && value !== "")
      .map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

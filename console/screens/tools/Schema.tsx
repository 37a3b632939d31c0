/** A JSON Schema as people read it: one line for each field. The whole text is below it. */
import type { ReactElement } from "react";
import quoted from "../../parts/quoted.module.css";
import classes from "./tools.module.css";
import type { JsonSchema } from "./shapes";

interface FieldRow {
  readonly path: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly about: string;
}

/** Deeper than this only the JSON says. */
const MAX_DEPTH = 4;

const typeOf = ({ type, enum: choices, items, anyOf, oneOf }: JsonSchema): string => {
  if (choices !== undefined) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  if (type === "array") return items === undefined ? "list" : `list of ${typeOf(items)}`;
  const either = anyOf ?? oneOf;
  if (either !== undefined) return either.map(typeOf).join(" or ");
  return Array.isArray(type) ? type.join(" or ") : (type ?? "any");
};

/** `1 to 64 characters`, `at least 1`. */
const rangeOf = (least: unknown, most: unknown, unit: string): string | undefined => {
  if (typeof least === "number" && typeof most === "number") return `${least} to ${most}${unit}`;
  if (typeof least === "number") return `at least ${least}${unit}`;
  return typeof most === "number" ? `at most ${most}${unit}` : undefined;
};

const boundsOf = (schema: JsonSchema): string[] =>
  [
    rangeOf(schema.minimum, schema.maximum, ""),
    rangeOf(schema.minLength, schema.maxLength, " characters"),
    rangeOf(schema.minItems, schema.maxItems, " items"),
    typeof schema.pattern === "string" ? `like ${schema.pattern}` : undefined,
    schema.default === undefined ? undefined : `${JSON.stringify(schema.default)} unless given`,
  ].filter((bound) => bound !== undefined);

const below = (schema: JsonSchema): JsonSchema | undefined =>
  schema.type === "array" ? schema.items : schema;

const rowsOf = (schema: JsonSchema, path = "", depth = 0): FieldRow[] => {
  if (depth >= MAX_DEPTH) return [];
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const about = [field.description ?? [], boundsOf(field).join(", ") || []].flat().join(" ");
    const inner = below(field);
    return [
      { path: here, type: typeOf(field), isRequired: required.includes(name), about },
      ...(inner === undefined
        ? []
        : rowsOf(inner, field.type === "array" ? `${here}[]` : here, depth + 1)),
    ];
  });
};

const Fields = ({ rows }: { readonly rows: readonly FieldRow[] }): ReactElement => (
  <dl className={classes.fields}>
    {rows.map(({ path, type, isRequired, about }) => (
      <div key={path} className={classes.fieldRow}>
        <dt>
          <code>{path}</code>
        </dt>
        <dd>
          <span>
            {type}
            {isRequired && <b> required</b>}
          </span>
          {about !== "" && <span className={classes.about}>{about}</span>}
        </dd>
      </div>
    ))}
  </dl>
);

/** @param title - `Arguments`, `Answer`. */
export const Schema = ({
  title,
  schema,
}: {
  readonly title: string;
  readonly schema: JsonSchema;
}): ReactElement => {
  const rows = rowsOf(schema);
  return (
    <section className={classes.schema}>
      <h3>{title}</h3>
      {rows.length === 0 ? <p className={classes.about}>No fields.</p> : <Fields rows={rows} />}
      <details>
        <summary>JSON Schema</summary>
        <pre className={quoted.quoted} tabIndex={0} aria-label={`JSON Schema: ${title}`}>
          {JSON.stringify(schema, null, 2)}
        </pre>
      </details>
    </section>
  );
};

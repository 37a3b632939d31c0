/** How @rjsf/core draws a form here: the inputs of Mantine, each fault under its field. */
import { Button, Checkbox, NativeSelect, Text, TextInput, Textarea } from "@mantine/core";
import {
  ariaDescribedByIds,
  enumOptionSelectedValue,
  enumOptionValueDecoder,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type BaseInputTemplateProps,
  type FieldPathId,
  type FieldTemplateProps,
  type ObjectFieldTemplateProps,
  type RegistryWidgetsType,
  type TemplatesType,
  type WidgetProps,
} from "@rjsf/utils";
import classes from "./form.module.css";

/** Items of a list have no name of their own: they are counted. */
const nameIn = ({ path }: FieldPathId, name: string): string => {
  const last = path.at(-1);
  return typeof last === "number" ? `Item ${last + 1}` : name;
};

const isGroup = (type: unknown): boolean => type === "object" || type === "array";

/** The label, the description and the faults of one field. Groups have a legend of their own. */
const Field = ({
  id,
  label,
  required,
  schema,
  rawErrors = [],
  children,
  hidden,
  fieldPathId,
}: FieldTemplateProps) => {
  if (hidden) return <div hidden>{children}</div>;
  const about = schema.description;
  const group = isGroup(schema.type);
  return (
    <div className={classes.field}>
      {!group && schema.type !== "boolean" && (
        <label className={classes.label} htmlFor={id}>
          {nameIn(fieldPathId, label)}
          {required && <span className={classes.required}> required</span>}
        </label>
      )}
      {!group && about !== undefined && (
        <Text c="dimmed" size="xs" id={`${id}__description`}>
          {about}
        </Text>
      )}
      {children}
      {rawErrors.length > 0 && (
        <div id={`${id}__error`} className={classes.fault}>
          {[...new Set(rawErrors)].map((fault) => (
            <div key={fault}>{fault}</div>
          ))}
        </div>
      )}
    </div>
  );
};

/** The outermost object needs no box. */
const Members = ({ title, schema, properties, fieldPathId }: ObjectFieldTemplateProps) => {
  const contents = properties.map(({ content }) => content);
  if (fieldPathId.path.length === 0) return <div>{contents}</div>;
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>{nameIn(fieldPathId, title)}</legend>
      {schema.description !== undefined && (
        <Text c="dimmed" size="xs">
          {schema.description}
        </Text>
      )}
      {contents}
    </fieldset>
  );
};

const Items = ({ title, schema, items, canAdd, onAddClick, required }: ArrayFieldTemplateProps) => (
  <fieldset className={classes.list}>
    <legend className={classes.label}>
      {title}
      {required === true && <span className={classes.required}> required</span>}
    </legend>
    {schema.description !== undefined && (
      <Text c="dimmed" size="xs">
        {schema.description}
      </Text>
    )}
    {items}
    {canAdd === true && (
      <Button variant="default" size="compact-sm" mt={8} onClick={onAddClick}>
        Add to {title}
      </Button>
    )}
  </fieldset>
);

const Item = ({ children, buttonsProps, index }: ArrayFieldItemTemplateProps) => (
  <div className={classes.item}>
    {children}
    {buttonsProps.hasRemove && (
      <Button
        className={classes.remove}
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-label={`Remove item ${index + 1}`}
        onClick={buttonsProps.onRemoveItem}
      >
        Remove
      </Button>
    )}
  </div>
);

const Input = ({
  id,
  value,
  required,
  schema,
  rawErrors = [],
  onChange,
  options,
}: BaseInputTemplateProps) => {
  const isNumber = schema.type === "integer" || schema.type === "number";
  return (
    <TextInput
      id={id}
      value={typeof value === "string" || typeof value === "number" ? String(value) : ""}
      inputMode={isNumber ? "decimal" : "text"}
      autoComplete="off"
      spellCheck={false}
      aria-required={required}
      error={rawErrors.length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.value === "" ? options.emptyValue : currentTarget.value);
      }}
    />
  );
};

const Long = ({ id, value, required, rawErrors = [], onChange, options }: WidgetProps) => (
  <Textarea
    id={id}
    autosize
    minRows={2}
    value={typeof value === "string" ? value : ""}
    aria-required={required}
    error={rawErrors.length > 0}
    aria-describedby={ariaDescribedByIds(id)}
    onChange={({ currentTarget }) => {
      onChange(currentTarget.value === "" ? options.emptyValue : currentTarget.value);
    }}
  />
);

const Choice = ({ id, value, required, rawErrors = [], options, onChange }: WidgetProps) => {
  const { enumOptions = [] } = options;
  const chosen: unknown = enumOptionSelectedValue(value, enumOptions, false, "indexed", "");
  return (
    <NativeSelect
      id={id}
      value={typeof chosen === "string" ? chosen : ""}
      aria-required={required}
      error={rawErrors.length > 0}
      aria-describedby={ariaDescribedByIds(id)}
      data={[
        { value: "", label: "" },
        ...enumOptions.map(({ label }, at) => ({ value: String(at), label })),
      ]}
      onChange={({ currentTarget }) => {
        onChange(
          enumOptionValueDecoder(currentTarget.value, enumOptions, "indexed", options.emptyValue),
        );
      }}
    />
  );
};

const Check = ({ id, value, label, onChange }: WidgetProps) => (
  <Checkbox
    id={id}
    label={label}
    checked={value === true}
    aria-describedby={ariaDescribedByIds(id)}
    onChange={({ currentTarget }) => {
      onChange(currentTarget.checked);
    }}
  />
);

export const templates: Partial<Omit<TemplatesType, "ButtonTemplates">> = {
  FieldTemplate: Field,
  ObjectFieldTemplate: Members,
  ArrayFieldTemplate: Items,
  ArrayFieldItemTemplate: Item,
  BaseInputTemplate: Input,
};

export const widgets: RegistryWidgetsType = {
  CheckboxWidget: Check,
  SelectWidget: Choice,
  TextareaWidget: Long,
};

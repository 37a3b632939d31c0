/** The arguments as a form that the schema makes. */
import Form from "@rjsf/core";
import { useState, type ReactElement } from "react";
import type { Arguments } from "./request";
import type { JsonSchema } from "./shapes";
import { templates, widgets } from "./templates";
import { uiOf } from "./uiOf";
import { validator } from "./validator";

export interface ArgumentsProps {
  /** Of the form, for a button outside it. */
  readonly id: string;
  readonly schema: JsonSchema;
  readonly args: Arguments;
  readonly change: (args: Arguments) => void;
  readonly submit: (args: Arguments) => void;
}

export const ArgumentsForm = ({
  id,
  schema,
  args,
  change,
  submit,
}: ArgumentsProps): ReactElement => {
  const [isTried, setIsTried] = useState(false);
  return (
    <Form
      id={id}
      idPrefix="argument"
      schema={schema}
      uiSchema={uiOf(schema)}
      formData={args}
      validator={validator}
      templates={templates}
      widgets={widgets}
      noHtml5Validate
      showErrorList={false}
      focusOnFirstError
      // Faults show once somebody has tried to call, and go as they are mended.
      liveValidate={isTried ? "onChange" : false}
      experimental_defaultFormStateBehavior={{
        emptyObjectFields: "skipEmptyDefaults",
        arrayMinItems: { populate: "never" },
      }}
      onChange={({ formData }) => {
        change((formData ?? {}) as Arguments);
      }}
      onError={() => {
        setIsTried(true);
      }}
      onSubmit={({ formData }) => {
        submit((formData ?? {}) as Arguments);
      }}
    >
      {/* The button stands outside. */}
      <></>
    </Form>
  );
};

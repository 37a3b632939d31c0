/** The fields of a key, for a new one and for one that is changed. */
import { Checkbox, NativeSelect, TagsInput, TextInput, Textarea } from "@mantine/core";
import type { ReactElement } from "react";
import { CONSTRAINT_FORMS } from "../../../cli/operate/constraint";
import { FIXED_FORM } from "../../../cli/operate/fixed";
import type { RoleMatrix } from "../../api/shapes";
import type { KeyDraft } from "./draft";
import classes from "./KeyFields.module.css";
import { ToolChoice } from "./ToolChoice";

interface Fields {
  readonly draft: KeyDraft;
  readonly change: (changes: Partial<KeyDraft>) => void;
  readonly matrix: RoleMatrix;
}

const toolsOf = ({ roles, tools }: RoleMatrix, name: string) => {
  const held = roles.find((role) => role.name === name)?.permissions ?? [];
  return tools.filter(({ permission }) => held.includes(permission));
};

const Narrowing = ({ draft, change, matrix }: Fields): ReactElement => (
  <>
    <ToolChoice
      tools={toolsOf(matrix, draft.role)}
      chosen={draft.tools}
      choose={(tools) => {
        change({ tools });
      }}
    />
    <Checkbox
      label="Read only"
      description="Nothing that writes, whatever the role allows"
      checked={draft.readOnly}
      onChange={(event) => {
        change({ readOnly: event.currentTarget.checked });
      }}
    />
    <TagsInput
      label="A person must approve"
      description="Tools by name, or by how they begin: orders_*. It counts for all keys of the same agent."
      placeholder={draft.approval.length === 0 ? "None but what the app itself asks for" : ""}
      data={["*", ...matrix.tools.map(({ name }) => name)]}
      value={[...draft.approval]}
      comboboxProps={{ transitionProps: { duration: 0 } }}
      onChange={(approval) => {
        change({ approval });
      }}
    />
  </>
);

const More = ({ draft, change }: Fields): ReactElement => (
  <details className={classes.more}>
    <summary>Limits, fixed arguments, unattended</summary>
    <div className={classes.fields}>
      <Textarea
        label="Limits"
        description={`One per line: ${CONSTRAINT_FORMS}`}
        placeholder="orders_confirm.expectedTotalMinor<=100000"
        autosize
        minRows={2}
        value={draft.constraints}
        onChange={(event) => {
          change({ constraints: event.currentTarget.value });
        }}
      />
      <Textarea
        label="Fixed arguments"
        description={`One per line: ${FIXED_FORM}`}
        placeholder="orders_list.status=open"
        autosize
        minRows={2}
        value={draft.fixed}
        onChange={(event) => {
          change({ fixed: event.currentTarget.value });
        }}
      />
      <Checkbox
        label="Unattended"
        description="No user can be asked, and the agent’s own confirm: true counts"
        checked={draft.unattended}
        onChange={(event) => {
          change({ unattended: event.currentTarget.checked });
        }}
      />
    </div>
  </details>
);

const Who = ({
  draft,
  change,
  hasTenants,
}: Omit<Fields, "matrix"> & { readonly hasTenants: boolean }): ReactElement => (
  <div className={classes.pair}>
    {hasTenants && (
      <TextInput
        label="Tenant"
        withAsterisk
        placeholder="acme"
        value={draft.tenant}
        onChange={(event) => {
          change({ tenant: event.currentTarget.value });
        }}
      />
    )}
    <TextInput
      label="Agent"
      description="Keys of one agent share its rules"
      placeholder="The key itself"
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={draft.subject}
      onChange={(event) => {
        change({ subject: event.currentTarget.value });
      }}
    />
  </div>
);

export const KeyFields = ({
  draft,
  change,
  matrix,
  isNew,
  hasTenants,
}: Fields & { readonly isNew: boolean; readonly hasTenants: boolean }): ReactElement => (
  <div className={classes.fields}>
    <TextInput
      label="Name"
      withAsterisk
      placeholder="Claude of the sales team"
      data-autofocus
      value={draft.name}
      onChange={(event) => {
        change({ name: event.currentTarget.value });
      }}
    />
    {isNew && <Who draft={draft} change={change} hasTenants={hasTenants} />}
    <div className={classes.pair}>
      <NativeSelect
        label="Role"
        withAsterisk
        data={matrix.roles.map(({ name }) => name)}
        value={draft.role}
        onChange={(event) => {
          change({ role: event.currentTarget.value, tools: undefined });
        }}
      />
      <TextInput
        label={isNew ? "Ends after, in days" : "New end, in days from now"}
        withAsterisk={isNew}
        inputMode="numeric"
        placeholder={isNew ? "90" : "As it is"}
        value={draft.days}
        onChange={(event) => {
          change({ days: event.currentTarget.value });
        }}
      />
    </div>
    <Narrowing draft={draft} change={change} matrix={matrix} />
    <More draft={draft} change={change} matrix={matrix} />
    {isNew && (
      <Checkbox
        label="A test key"
        description="cvxmcp_test_…, so that people and scanners take it for one. It does the same."
        checked={draft.isTest}
        onChange={(event) => {
          change({ isTest: event.currentTarget.checked });
        }}
      />
    )}
  </div>
);

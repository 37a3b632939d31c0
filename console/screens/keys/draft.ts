/** A key as a form holds it, and what the deployment is told of it. */
import { addConstraint, constraintTexts, type Constraints } from "../../../cli/operate/constraint";
import { addFixed, fixedTexts } from "../../../cli/operate/fixed";
import type { Key, KeyChange, NewKey } from "../../api/functions";
import { linesIn } from "../../parts/lines";

export interface KeyDraft {
  readonly name: string;
  readonly role: string;
  readonly tenant: string;
  readonly subject: string;
  /** From now; "" leaves the end as it is. */
  readonly days: string;
  readonly isTest: boolean;
  readonly readOnly: boolean;
  readonly unattended: boolean;
  /** Undefined: all tools of the role. */
  readonly tools: readonly string[] | undefined;
  readonly approval: readonly string[];
  /** One per line, as on the command line. */
  readonly constraints: string;
  readonly fixed: string;
}

export const EMPTY: KeyDraft = {
  ...{ name: "", role: "", tenant: "", subject: "", days: "90", isTest: false },
  ...{ readOnly: false, unattended: false, tools: undefined, approval: [] },
  ...{ constraints: "", fixed: "" },
};

export const draftOf = (key: Key): KeyDraft => ({
  ...{ name: key.name, role: key.role, tenant: key.tenant, subject: key.subject, days: "" },
  isTest: key.env === "test",
  readOnly: key.readOnly ?? false,
  unattended: key.unattended ?? false,
  tools: key.tools,
  approval: key.approval ?? [],
  constraints: constraintTexts(key.constraints ?? {}).join("\n"),
  fixed: fixedTexts(key.fixed ?? {}).join("\n"),
});

/** @throws Error with the form that a line should have */
const constraintsIn = (text: string): Constraints =>
  linesIn(text).reduce<Constraints>((before, line) => addConstraint(line, before), {});

/** @throws Error with the form that a line should have */
const fixedIn = (text: string): NonNullable<Key["fixed"]> =>
  linesIn(text).reduce<NonNullable<Key["fixed"]>>((before, line) => addFixed(line, before), {});

/** @throws Error as `fixedIn` does */
export const newKeyOf = (draft: KeyDraft): NewKey => {
  const { name, role, tenant, subject, days, isTest, tools, approval } = draft;
  return {
    ...{ name: name.trim(), role, expiresInDays: Number(days), env: isTest ? "test" : "live" },
    ...(tenant !== "" && { tenant: tenant.trim() }),
    ...(subject !== "" && { subject: subject.trim() }),
    ...(draft.readOnly && { readOnly: true }),
    ...(draft.unattended && { unattended: true }),
    ...(tools && { tools: [...tools] }),
    ...(approval.length > 0 && { approval: [...approval] }),
    ...(linesIn(draft.constraints).length > 0 && { constraints: constraintsIn(draft.constraints) }),
    ...(linesIn(draft.fixed).length > 0 && { fixed: fixedIn(draft.fixed) }),
  };
};

/** Only what differs, so that the record says what was changed. @throws Error as `fixedIn` does */
export const changeOf = (draft: KeyDraft, key: Key): KeyChange => {
  const before = draftOf(key);
  const { name, role, days, tools, approval, readOnly, unattended, constraints, fixed } = draft;
  const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    keyId: key.keyId,
    ...(name.trim() !== before.name && { name: name.trim() }),
    ...(role !== before.role && { role }),
    ...(days !== "" && { expiresInDays: Number(days) }),
    ...(readOnly !== before.readOnly && { readOnly }),
    ...(unattended !== before.unattended && { unattended }),
    ...(!isSame(tools, before.tools) && { tools: tools ? [...tools] : null }),
    ...(!isSame(approval, before.approval) && {
      approval: approval.length > 0 ? [...approval] : null,
    }),
    ...(constraints !== before.constraints && {
      constraints: linesIn(constraints).length > 0 ? constraintsIn(constraints) : null,
    }),
    ...(fixed !== before.fixed && { fixed: linesIn(fixed).length > 0 ? fixedIn(fixed) : null }),
  };
};

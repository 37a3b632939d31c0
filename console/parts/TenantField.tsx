/** Shows only what is of one tenant. Absent in an app that has only one. */
import { TextInput } from "@mantine/core";
import type { ReactElement } from "react";
import { useRun } from "../api/useRun";
import { useSettled } from "./useSettled";

export const TenantField = ({
  tenant,
  choose,
}: {
  readonly tenant: string | undefined;
  readonly choose: (tenant: string) => void;
}): ReactElement | null => {
  const app = useRun("admin:describeApp", {}, { every: 0 });
  const [typed, type] = useSettled(tenant ?? "", (value) => {
    choose(value.trim());
  });
  if (app.data?.hasTenants !== true) return null;
  return (
    <TextInput
      aria-label="Tenant"
      placeholder="Tenant"
      data-search
      maw={240}
      value={typed}
      onChange={(event) => {
        type(event.currentTarget.value);
      }}
    />
  );
};

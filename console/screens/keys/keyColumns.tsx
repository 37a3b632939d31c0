/** What a list of keys shows of each. */
import type { Key } from "../../api/functions";
import type { Column } from "../../parts/DataTable";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";

const narrowing = ({ tools, readOnly, constraints, fixed }: Key): string => {
  const parts = [
    ...(tools === undefined ? [] : [tools.length === 1 ? "1 tool" : `${tools.length} tools`]),
    ...(readOnly ? ["read only"] : []),
    ...(constraints === undefined ? [] : ["limits"]),
    ...(fixed === undefined ? [] : ["fixed"]),
  ];
  return parts.length === 0 ? "all of the role" : parts.join(", ");
};

const TENANT: Column<Key> = { header: "Tenant", cell: ({ tenant }) => tenant };

/** @param hasTenants - whether the app has more than one. */
export const keyColumns = (hasTenants: boolean): Column<Key>[] => [
  { header: "Name", cell: ({ name }) => name, isWide: true },
  ...(hasTenants ? [TENANT] : []),
  { header: "Role", cell: ({ role }) => role },
  { header: "Tools", cell: narrowing },
  { header: "Approval", cell: ({ approval }) => approval?.join(", ") },
  { header: "Last used", cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  { header: "Ends", cell: ({ expiresAt }) => <Time at={expiresAt} /> },
  { header: "State", isState: true, cell: ({ status }) => <Status of={status} /> },
];

/** What a list of connections shows of each. */
import type { ConnectionInfo } from "../../../src/operate/connections";
import type { Column } from "../../parts/DataTable";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";

/** What a connection may do: `read only, 3 tools`. */
export const scopeText = ({ access, tools }: ConnectionInfo): string =>
  [
    access === "read" ? "read only" : "all of its key",
    ...(tools === undefined ? [] : [tools.length === 1 ? "1 tool" : `${tools.length} tools`]),
  ].join(", ");

export const COLUMNS: readonly Column<ConnectionInfo>[] = [
  { header: "Client", cell: ({ client }) => client, isWide: true },
  { header: "User", cell: ({ subject }) => subject },
  { header: "Tenant", cell: ({ tenant }) => tenant },
  { header: "Scope", cell: scopeText },
  { header: "Since", cell: ({ createdAt }) => <Time at={createdAt} /> },
  { header: "Last used", cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
  { header: "State", isState: true, cell: ({ status }) => <Status of={status} /> },
];

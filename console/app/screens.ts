/** The screens: their names, places and shortcuts. Each is loaded once somebody goes there. */
import { lazy, type ComponentType } from "react";
import type { IconName } from "../parts/icons";

export interface Screen {
  readonly path: string;
  readonly title: string;
  readonly icon: IconName;
  /** After `g`. */
  readonly letter: string;
  readonly component: ComponentType;
}

export const SCREENS: readonly Screen[] = [
  {
    ...{ path: "/", title: "Overview", icon: "overview", letter: "o" },
    component: lazy(() => import("../screens/overview/OverviewScreen")),
  },
  {
    ...{ path: "/approvals", title: "Approvals", icon: "approvals", letter: "a" },
    component: lazy(() => import("../screens/approvals/ApprovalsScreen")),
  },
  {
    ...{ path: "/audit", title: "Audit", icon: "audit", letter: "l" },
    component: lazy(() => import("../screens/audit/AuditScreen")),
  },
  {
    ...{ path: "/keys", title: "Keys", icon: "keys", letter: "k" },
    component: lazy(() => import("../screens/keys/KeysScreen")),
  },
  {
    ...{ path: "/connections", title: "Connections", icon: "connections", letter: "c" },
    component: lazy(() => import("../screens/connections/ConnectionsScreen")),
  },
  {
    ...{ path: "/roles", title: "Roles", icon: "roles", letter: "r" },
    component: lazy(() => import("../screens/roles/RolesScreen")),
  },
  {
    ...{ path: "/jobs", title: "Jobs", icon: "jobs", letter: "j" },
    component: lazy(() => import("../screens/jobs/JobsScreen")),
  },
  {
    ...{ path: "/tools", title: "Tools", icon: "tools", letter: "t" },
    component: lazy(() => import("../screens/tools/ToolsScreen")),
  },
];

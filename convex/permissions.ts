/** Every permission there is, and the roles a new deployment starts with. */

/** What a tool may require, as `resource:verb`. A tool with any other permission does not compile. */
export type Permission = (typeof permissions)[number];

export const permissions = [
  "customers:read",
  "customers:create",
  "customers:update",
  "customers:import",
  "products:read",
  "stock:read",
  "stock:adjust",
  "orders:read",
  "orders:create",
  "orders:confirm",
  "orders:cancel",
  "invoices:read",
  "invoices:issue",
  "payments:record",
  "periods:close",
  "reports:read",
  "jobs:read",
  "jobs:cancel",
] as const;

/** Written to the database on first use; from then on `npm run roles -- set` changes them there. */
export const defaultRoles: Readonly<Record<string, readonly Permission[]>> = {
  admin: permissions,
  sales: [
    "customers:read",
    "customers:create",
    "customers:update",
    "customers:import",
    "products:read",
    "stock:read",
    "orders:read",
    "orders:create",
    "orders:confirm",
    "orders:cancel",
    "invoices:read",
    "reports:read",
    "jobs:read",
    "jobs:cancel",
  ],
  warehouse: ["products:read", "stock:read", "stock:adjust", "orders:read"],
  accounting: [
    "customers:read",
    "products:read",
    "orders:read",
    "invoices:read",
    "invoices:issue",
    "payments:record",
    "periods:close",
    "reports:read",
    "jobs:read",
    "jobs:cancel",
  ],
  viewer: [
    "customers:read",
    "products:read",
    "stock:read",
    "orders:read",
    "invoices:read",
    "reports:read",
  ],
};

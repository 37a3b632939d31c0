/** Fills a new local server with the demo ERP, and with a key for every tenant and role. */
import type { Backend } from "./backend";

export interface DemoKey {
  readonly tenant: string;
  readonly role: string;
  readonly key: string;
}

type Run = Backend["run"];

/** What agents record or invoice above it in the demo waits for a person, who decides on the console: 1,000.00. */
const APPROVE_ABOVE_MINOR = 100_000;

const addKey = async (run: Run, tenant: string, role: string): Promise<DemoKey> => {
  const name = `Demo ${role} of ${tenant}`;
  const issued = await run("toolgate/admin:createKey", { tenant, role, name, env: "test" });
  const { key } = issued as { key: string };
  return { tenant, role, key };
};

/** Writes the demo data and makes the keys. Returns the keys, ordered by tenant and then by role. */
export const addDemo = async (run: Run): Promise<DemoKey[]> => {
  const [seeded, roles] = await Promise.all([
    run("erp/seed:demo", {}),
    run("toolgate/admin:listRoles", {}),
  ]);
  const { tenants } = seeded as { tenants: { slug: string }[] };
  for (const { slug } of tenants)
    await run("erp/tenants:setApproval", { slug, approveAboveMinor: APPROVE_ABOVE_MINOR });
  const names = (roles as { name: string }[]).map(({ name }) => name);
  return Promise.all(tenants.flatMap(({ slug }) => names.map((name) => addKey(run, slug, name))));
};

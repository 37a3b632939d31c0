/** The calls of the demo app's tools that are measured. Customers are new ones each time. */
import type { Backend } from "./backend";
import { callOf } from "./mcpRequest";

let count = 0;
const customer = () => ({ name: "Bench", email: `bench${String(++count)}@example.com` });

/** @param t - with the demo data. @param key - of its first tenant. */
export const demoCalls = async (t: Pick<Backend, "run">, key: string) => {
  const [customerId, productId] = await t.run(async ({ db }) => [
    (await db.query("customers").first())?._id,
    (await db.query("products").first())?._id,
  ]);
  const order = { customerId, lines: [{ productId, quantity: 1 }] };
  return {
    query: () => callOf(key, "stock_level", { productId }),
    mutation: () => callOf(key, "customers_create", customer()),
    order: (more = {}) => callOf(key, "orders_create", { ...order, ...more }),
    job: (more = {}) =>
      callOf(key, "customers_import", { lines: JSON.stringify(customer()), ...more }),
  };
};

/** The card of a sales summary: its totals, and the products that sold best, as a chart or as a table. */
import { useState } from "preact/hooks";
import { count, day, moneyIn, span, type Money, type Place } from "../shared/format";
import type { Shown } from "../shared/view";
import { Chart } from "./chart";
import type { Product, Summary } from "./values";

/** Which states make one total, and what it is called. */
const TOTALS = [
  ["Sold", ["confirmed", "invoiced"]],
  ["In drafts", ["draft"]],
  ["Cancelled", ["cancelled"]],
] as const;

const sum = (rows: Summary["byStatus"], states: readonly string[]) =>
  rows
    .filter(({ status }) => states.includes(status))
    .reduce(
      (all, { orders, totalMinor }) => ({
        orders: all.orders + orders,
        totalMinor: all.totalMinor + totalMinor,
      }),
      { orders: 0, totalMinor: 0 },
    );

interface Written {
  readonly money: Money;
  readonly place: Place;
}

const Totals = ({ rows, money, place }: { rows: Summary["byStatus"] } & Written) => (
  <dl class="totals">
    {TOTALS.map(([name, states]) => {
      const { orders, totalMinor } = sum(rows, states);
      return (
        <div key={name}>
          <dt class="small muted">{name}</dt>
          <dd>
            {money.format(totalMinor)}
            <span class="small muted under">
              {count(orders, place)} {orders === 1 ? "order" : "orders"}
            </span>
          </dd>
        </div>
      );
    })}
  </dl>
);

const Table = ({ products, money, place }: { products: readonly Product[] } & Written) => (
  <table aria-labelledby="products">
    <thead>
      <tr>
        <th scope="col">Product</th>
        <th scope="col" class="number">
          Pieces
        </th>
        <th scope="col" class="number">
          Revenue
        </th>
      </tr>
    </thead>
    <tbody>
      {products.map(({ productId, sku, name, quantity, revenueMinor }) => (
        <tr key={productId}>
          <td>
            <bdi>{name}</bdi> <span class="muted small">{sku}</span>
          </td>
          <td class="number">{count(quantity, place)}</td>
          <td class="number">{money.format(revenueMinor)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Products = (shown: { products: readonly Product[] } & Written) => {
  const [isTable, setTable] = useState(false);
  const { products, money } = shown;
  return (
    <section aria-labelledby="products">
      <div class="bar-head">
        <h2 id="products">Best sellers by revenue</h2>
        <button
          type="button"
          class="quiet"
          aria-pressed={isTable}
          onClick={() => {
            setTable(!isTable);
          }}
        >
          Table
        </button>
      </div>
      {!isTable && <Chart products={products} money={money} />}
      <div
        class={isTable ? "scroll" : "unseen"}
        {...(isTable && { role: "region", "aria-label": "Products", tabIndex: 0 })}
      >
        <Table {...shown} />
      </div>
    </section>
  );
};

const Truncated = ({ until, place }: { until: string | undefined; place: Place }) => (
  <p class="note warning">
    There are too many orders for one summary
    {until !== undefined && `: only those up to ${day(until, place)} are counted`}. Ask for fewer
    days.
  </p>
);

export const SummaryCard = ({ value, place }: Shown<Summary>) => {
  const { from, to, currency, byStatus, topProducts, truncated, countedUntil } = value;
  const written = { money: moneyIn(currency, place), place };
  return (
    <>
      <header>
        <h1>Sales</h1>
        <p class="muted">{span(from, to, place)}</p>
      </header>
      {truncated && <Truncated until={countedUntil} place={place} />}
      <Totals rows={byStatus} {...written} />
      {topProducts.length > 0 ? (
        <Products products={topProducts} {...written} />
      ) : (
        <p class="note muted">Nothing was sold on these days: no order is confirmed or invoiced.</p>
      )}
    </>
  );
};

/** Bars of revenue, one for each product. It is hidden from screen readers, which read the table. */
import { scaleBand, scaleLinear, type ScaleLinear } from "d3-scale";
import type { Money } from "../shared/format";
import { useWidth } from "./width";
import type { Product } from "./values";

interface ChartProps {
  readonly products: readonly Product[];
  readonly money: Money;
}

/** From this width on, names stand before their bars, over an axis; below it, over them. */
const WIDE = 480;

/** In pixels. */
const LETTER = 6.6;
const AMOUNT = 84;

/** The letters of the end that a name keeps when it is cut: sizes stand there, and tell products apart. */
const END = 8;

/** About as many letters as fit. A name that is cut is whole in the table. */
const cut = (text: string, width: number): string => {
  const most = Math.floor(width / LETTER);
  return text.length > most
    ? `${text.slice(0, most - END - 1).trimEnd()}…${text.slice(-END).trimStart()}`
    : text;
};

/** Where things stand: `names` and `amounts` are the widths left free for them beside the bars. */
const layoutOf = (width: number) =>
  width >= WIDE
    ? { isWide: true, names: Math.round(width * 0.36), amounts: AMOUNT, row: 26, axis: 22 }
    : { isWide: false, names: 0, amounts: 0, row: 29, axis: 0 };

interface AxisProps {
  readonly x: ScaleLinear<number, number>;
  readonly height: number;
  readonly money: Money;
}

const Axis = ({ x, height, money }: AxisProps) => (
  <>
    {x.ticks(4).map((tick) => (
      <g key={tick} transform={`translate(${x(tick)},0)`}>
        <line class="grid" y2={height + 2} />
        <text class="tick" y={height + 16} text-anchor={tick === 0 ? "start" : "middle"}>
          {money.short(tick)}
        </text>
      </g>
    ))}
  </>
);

interface BarProps {
  readonly name: string;
  readonly amount: string;
  readonly length: number;
  readonly height: number;
}

/** The name before the bar, the amount behind it. */
const WideBar = ({ name, amount, length, height, names }: BarProps & { names: number }) => (
  <>
    <text x={-names} y={height / 2} dy="0.35em">
      {cut(name, names - 12)}
    </text>
    <rect class="bar" width={length} height={height} rx="2" />
    <text class="amount" x={length + 6} y={height / 2} dy="0.35em">
      {amount}
    </text>
  </>
);

/** Name and amount over the bar. */
const NarrowBar = ({ name, amount, length, width }: BarProps & { width: number }) => (
  <>
    <text y="10">{cut(name, width - AMOUNT)}</text>
    <text class="amount" x={width} y="10" text-anchor="end">
      {amount}
    </text>
    <rect class="bar" y="15" width={length} height="7" rx="2" />
  </>
);

export const Chart = ({ products, money }: ChartProps) => {
  const { ref, width } = useWidth();
  const { isWide, names, amounts, row, axis } = layoutOf(width);
  const rows = products.length * row;
  const most = Math.max(...products.map(({ revenueMinor }) => revenueMinor), 1);
  const x = scaleLinear([0, most], [0, Math.max(width - names - amounts, 1)]);
  const ids = products.map(({ productId }) => productId);
  const y = scaleBand(ids, [0, rows]).paddingInner(0.3);
  return (
    <div ref={ref} class="chart">
      <svg width={width} height={rows + axis} aria-hidden="true">
        <g transform={`translate(${names},0)`}>
          {isWide && <Axis x={x} height={rows} money={money} />}
          {products.map(({ productId, name, revenueMinor }) => {
            const amount = money.format(revenueMinor);
            const bar = { name, amount, length: x(revenueMinor), height: y.bandwidth() };
            return (
              <g key={productId} transform={`translate(0,${y(productId) ?? 0})`}>
                <title>{`${name}: ${amount}`}</title>
                {isWide ? <WideBar {...bar} names={names} /> : <NarrowBar {...bar} width={width} />}
              </g>
            );
          })}
        </g>
      </svg>
    </div>
  );
};

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
const DIGIT = 7.7;

/** The letters of the end that a name keeps when it is cut: sizes stand there, and tell products apart. */
const END = 8;

/** About as many letters as fit. A name that is cut is whole in the table. */
const cut = (text: string, width: number): string => {
  const most = Math.floor(width / LETTER);
  return text.length > most
    ? `${text.slice(0, most - END - 1).trimEnd()}…${text.slice(-END).trimStart()}`
    : text;
};

/** Where things stand: `names` and `amounts` are the widths left free for them, before and behind the bars or over them. */
const layoutOf = (width: number, letters: number) => {
  const amounts = letters * DIGIT + 6;
  return width >= WIDE
    ? { isWide: true, names: Math.round(width * 0.36), amounts, row: 26, axis: 22 }
    : { isWide: false, names: width - amounts, amounts, row: 29, axis: 0 };
};

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
  /** The width that is free for the name. */
  readonly names: number;
}

/** The name before the bar, the amount behind it. */
const WideBar = ({ name, amount, length, height, names }: BarProps) => (
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
const NarrowBar = ({ name, amount, length, names, width }: BarProps & { width: number }) => (
  <>
    <text y="10">{cut(name, names)}</text>
    <text class="amount" x={width} y="10" text-anchor="end">
      {amount}
    </text>
    <rect class="bar" y="15" width={length} height="7" rx="2" />
  </>
);

export const Chart = ({ products, money }: ChartProps) => {
  const { ref, width } = useWidth();
  const written = products.map(({ revenueMinor }) => money.format(revenueMinor));
  const letters = Math.max(...written.map(({ length }) => length));
  const { isWide, names, amounts, row, axis } = layoutOf(width, letters);
  const rows = products.length * row;
  const most = Math.max(...products.map(({ revenueMinor }) => revenueMinor), 1);
  const longest = isWide ? width - names - amounts : width;
  const x = scaleLinear([0, most], [0, Math.max(longest, 1)]);
  const ids = products.map(({ productId }) => productId);
  const y = scaleBand(ids, [0, rows]).paddingInner(0.3);
  return (
    <div ref={ref} class="chart">
      <svg width={width} height={rows + axis} aria-hidden="true">
        <g transform={`translate(${isWide ? names : 0},0)`}>
          {isWide && <Axis x={x} height={rows} money={money} />}
          {products.map(({ productId, name, revenueMinor }, index) => {
            const amount = written[index] ?? "";
            const bar = { name, amount, length: x(revenueMinor), height: y.bandwidth(), names };
            return (
              <g key={productId} transform={`translate(0,${y(productId) ?? 0})`}>
                <title>{`${name}: ${amount}`}</title>
                {isWide ? <WideBar {...bar} /> : <NarrowBar {...bar} width={width} />}
              </g>
            );
          })}
        </g>
      </svg>
    </div>
  );
};

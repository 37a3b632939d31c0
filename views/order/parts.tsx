/** The parts that an order and an invoice have in common. */
import type { ComponentChildren } from "preact";
import { count, type Money, type Place } from "../shared/format";
import type { Line } from "./values";

/** State → the colours that it has, and the word for it. */
const TONES = {
  draft: "warning",
  open: "warning",
  confirmed: "info",
  invoiced: "success",
  paid: "success",
  cancelled: "danger",
} as const;

export type Status = keyof typeof TONES;

const Chip = ({ status }: { status: Status }) => (
  <p class={`chip ${TONES[status]}`}>
    <span class="unseen">State: </span>
    {status}
  </p>
);

interface HeadProps {
  readonly title: string;
  readonly status: Status;
  readonly children: ComponentChildren;
}

export const Head = ({ title, status, children }: HeadProps) => (
  <header>
    <h1>{title}</h1>
    <Chip status={status} />
    <p class="muted whole">{children}</p>
  </header>
);

interface LinesProps {
  readonly lines: readonly Line[];
  readonly money: Money;
  readonly place: Place;
}

const Row = ({ line, money, place }: { line: Line } & Omit<LinesProps, "lines">) => {
  const each = money.format(line.unitPriceMinor);
  const pieces = count(line.quantity, place);
  return (
    <tr>
      <td>
        <bdi>{line.name}</bdi>
        <span class="muted small under">{line.sku}</span>
        <span class="muted small under narrow">
          {pieces} × {each}
        </span>
      </td>
      <td class="number wide">{pieces}</td>
      <td class="number wide">{each}</td>
      <td class="number">{money.format(line.lineTotalMinor)}</td>
    </tr>
  );
};

/** The lines scroll by themselves, so that the total and the buttons stay in sight. */
export const Lines = ({ lines, money, place }: LinesProps) => (
  <div class="scroll" role="region" aria-label="Lines" tabIndex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">Article</th>
          <th scope="col" class="number wide">
            Pieces
          </th>
          <th scope="col" class="number wide">
            Each
          </th>
          <th scope="col" class="number">
            Total
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <Row key={index} line={line} money={money} place={place} />
        ))}
      </tbody>
    </table>
  </div>
);

/** Names and amounts, the last of them in large. */
export const Sums = ({ rows }: { rows: readonly (readonly [name: string, amount: string])[] }) => (
  <dl class="sums">
    {rows.map(([name, amount]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class="number">{amount}</dd>
      </div>
    ))}
  </dl>
);

/** Writes amounts, numbers and days as people of the client's locale read them. */
import { digitsOf } from "../../convex/erp/currencies";
import { decimal, money } from "../../convex/erp/money";

export interface Place {
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** Runs `make` with what the client says of the place, and without it if the browser does not know it. */
const placed = <T>(
  { locale, timeZone }: Place,
  make: (locale?: string, timeZone?: string) => T,
) => {
  try {
    return make(locale, timeZone);
  } catch {
    return make();
  }
};

/** Writes amounts of one currency. */
export interface Money {
  /** @param minor - in minor units, as the ERP keeps it. ISO 4217 says how many make one. */
  readonly format: (minor: number) => string;
  /** The same, short: for the ticks of an axis. */
  readonly short: (minor: number) => string;
}

/**
 * The ERP says where the point stands, and the browser's locale how the rest is written: browsers have other digits for some currencies.
 *
 * @param currency - an ISO 4217 code. One that is none is written as the ERP's texts have it.
 */
export const moneyIn = (currency: string, place: Place): Money => {
  const digits = digitsOf(currency);
  if (digits === undefined) {
    const format = (minor: number) => money(minor, currency);
    return { format, short: format };
  }
  // `format` takes text too, and loses no digit of it.
  const value = (minor: number) => decimal(minor, currency) as Intl.StringNumericLiteral;
  const style = { style: "currency", currency } as const;
  return placed(place, (locale) => {
    const full = new Intl.NumberFormat(locale, {
      ...{ ...style, minimumFractionDigits: digits, maximumFractionDigits: digits },
    });
    const short = new Intl.NumberFormat(locale, {
      ...{ ...style, notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 },
    });
    return {
      format: (minor) => full.format(value(minor)),
      short: (minor) => short.format(value(minor)),
    };
  });
};

export const count = (value: number, place: Place): string =>
  placed(place, (locale) => new Intl.NumberFormat(locale).format(value));

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;

/** @param moment - ISO 8601. */
export const day = (moment: string, place: Place): string =>
  placed(place, (locale, timeZone) =>
    new Intl.DateTimeFormat(locale, { ...DAY, ...(timeZone && { timeZone }) }).format(
      new Date(moment),
    ),
  );

/** From one day to another, in UTC. @param from - `YYYY-MM-DD`, as is `to`. */
export const span = (from: string, to: string, { locale }: Place): string =>
  placed({ locale }, (known) =>
    new Intl.DateTimeFormat(known, { ...DAY, timeZone: "UTC" }).formatRange(
      new Date(from),
      new Date(to),
    ),
  );

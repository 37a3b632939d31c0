/** Writes amounts, numbers and days as people of the client's locale read them. */

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
  /** @param minor - in minor units, as the ERP keeps it. The currency says how many make one. */
  readonly format: (minor: number) => string;
  /** The same, short: for the ticks of an axis. */
  readonly short: (minor: number) => string;
}

/** @param currency - an ISO 4217 code. One that is none is written as it stands, after the minor units. */
export const moneyIn = (currency: string, place: Place): Money => {
  try {
    return placed(place, (locale) => {
      const style = { style: "currency", currency } as const;
      const full = new Intl.NumberFormat(locale, style);
      const short = new Intl.NumberFormat(locale, {
        ...{ ...style, notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 1 },
      });
      const unit = 10 ** (full.resolvedOptions().maximumFractionDigits ?? 2);
      return {
        format: (minor) => full.format(minor / unit),
        short: (minor) => short.format(minor / unit),
      };
    });
  } catch {
    const format = (minor: number) => `${minor} ${currency}`;
    return { format, short: format };
  }
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

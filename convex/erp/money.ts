/** An amount as people read it, with two decimals: 1290 EUR is `12.90 EUR`. */
export const money = (minor: number, currency: string): string =>
  `${(minor / 100).toFixed(2)} ${currency}`;

/** An amount for people: 1290 is 12.90. */
export const money = (minor: number, currency: string): string =>
  `${(minor / 100).toFixed(2)} ${currency}`;

/** Writes amounts. All texts of the ERP and its views write them by this file. */
import { digitsOf } from "./currencies";

/** An amount as a decimal number: 1290 in EUR is `12.90`. In a code that ISO 4217 does not list, the minor units are left as they are. */
export const decimal = (minor: number, currency: string): string => {
  const digits = digitsOf(currency) ?? 0;
  if (digits === 0) return String(minor);
  const units = String(Math.abs(minor)).padStart(digits + 1, "0");
  return `${minor < 0 ? "-" : ""}${units.slice(0, -digits)}.${units.slice(-digits)}`;
};

/** An amount as people read it: 1290 is `12.90 EUR`, `1290 JPY`, `1.290 KWD`. */
export const money = (minor: number, currency: string): string =>
  `${decimal(minor, currency)} ${currency}`;

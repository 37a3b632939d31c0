/** Colours, where a person reads them. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

const isColored = process.stdout.isTTY && process.env.NO_COLOR === undefined;

/** Styles a text, if standard output is a terminal and the user has not said NO_COLOR. */
export const styled = (style: Style, text: string): string =>
  isColored ? styleText(style, text) : text;

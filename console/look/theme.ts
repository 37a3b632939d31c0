/** The look: Mantine's theme, with colours whose contrast is at least 4.5:1 on what they stand on. */
import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
  primaryColor: "teal",
  primaryShade: 9,
  defaultRadius: 6,
  fontSizes: { xs: "12px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.4", sm: "1.43", md: "1.43", lg: "1.4", xl: "1.3" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "20px" }, h2: { fontSize: "16px" }, h3: { fontSize: "14px" } },
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm" } },
  },
});

const hover = "#066649";

/** What Mantine's own defaults get wrong for small text. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-primary-color-filled-hover": hover,
    "--mantine-color-teal-filled-hover": hover,
    "--mantine-color-red-filled": "#c92a2a",
    "--mantine-color-red-filled-hover": "#a61e1e",
  },
  light: {
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--dim)",
    "--mantine-color-placeholder": "var(--dim)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-default-border": "var(--edge)",
  },
  dark: {
    "--mantine-color-body": "#1b1c1e",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--dim)",
    "--mantine-color-placeholder": "var(--dim)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-default": "#242628",
    "--mantine-color-default-hover": "#2d3033",
    "--mantine-color-default-border": "var(--edge)",
  },
});

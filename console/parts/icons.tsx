/** The icons: strokes on a grid of 16. Each stands beside a word, so none has a name of its own. */
import type { ReactElement } from "react";

const PATHS = {
  overview: "M2.5 13.5v-5m4-0v5m4-9v9m3-11v11",
  approvals:
    "M8 1.8 13.5 4v4c0 3.2-2.3 5.2-5.5 6.3C4.8 13.2 2.5 11.2 2.5 8V4zM5.5 8l1.8 1.8 3.2-3.5",
  audit: "M3.5 2.5h9v11h-9zM5.8 5.5h4.4M5.8 8h4.4M5.8 10.5h2.5",
  keys: "M10.5 2.5a3 3 0 1 1-2.3 4.9L3.2 12.4v1.2H5v-1.7h1.7v-1.7M10.9 5.5h.01",
  connections:
    "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8",
  roles:
    "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.8 13.5c0-2.6 1.8-4 4.2-4s4.2 1.4 4.2 4M10.5 2.8a2.4 2.4 0 0 1 0 4.5M12 9.8c1.4.5 2.2 1.8 2.2 3.7",
  jobs: "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5",
  tools:
    "M9.7 6.3a3 3 0 0 1 3.9-3.7l-1.9 1.9 1 1.6 1.7-.4a3 3 0 0 1-4 3.2L5.3 14a1.4 1.4 0 0 1-2-2z",
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  ban: "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM3.8 3.8l8.4 8.4",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.5 8z",
  repeat: "M3 7.5a5 5 0 0 1 8.7-2.8L13 6M13 2.8V6H9.8M13 8.5a5 5 0 0 1-8.7 2.8L3 10M3 13.2V10h3.2",
  question: "M5.5 5.8a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.2.9-1.2 1.9M8 12.5h.01",
  clock: "M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5",
  stop: "M4.5 4.5h7v7h-7z",
  dash: "M3.5 8h9",
  warning: "M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.5h.01",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  moon: "M13 9.8A5.5 5.5 0 0 1 6.2 3a5.5 5.5 0 1 0 6.8 6.8z",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  plus: "M8 3v10M3 8h10",
  right: "M6 3.5 10.5 8 6 12.5",
  left: "M10 3.5 5.5 8 10 12.5",
  up: "M3.5 10 8 5.5 12.5 10",
  down: "M3.5 6 8 10.5 12.5 6",
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({
  name,
  size = 16,
}: {
  readonly name: IconName;
  readonly size?: number;
}): ReactElement => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={PATHS[name]} />
  </svg>
);

/** The one style sheet of the pages. Colours keep a contrast of 7:1 and more in light and dark. */
import type { Html } from "./html";

const light = () =>
  "--page:#f3f4f6;--card:#fff;--ink:#14161a;--soft:#464b55;--line:#c9ccd3;--main:#1c3d9e;--on:#fff;--note:#eef2fd;--warn:#fff3d6;--edge:#8a5a00;--bad:#9c1410";
const dark = () =>
  "--page:#0e1013;--card:#171a1f;--ink:#f2f3f5;--soft:#bcc1ca;--line:#434956;--main:#b3c6ff;--on:#0c1736;--note:#1c2334;--warn:#33290f;--edge:#f0c35a;--bad:#ffb4ae";

/** Without a line break: its digest stands in a header. A function, since most calls of a deployment show no page. */
const text = () =>
  [
    `:root{color-scheme:light dark;${light()}}`,
    `@media(prefers-color-scheme:dark){:root{${dark()}}}`,
    "*{box-sizing:border-box}",
    "body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}",
    "main{max-width:30rem;margin:0 auto;padding:1.5rem 1rem 3rem}",
    "main.wide{max-width:46rem}",
    ".card{background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:clamp(1.25rem,5vw,2rem)}",
    ".logo{display:block;max-height:3rem;max-width:100%;margin:0 0 1rem}",
    "h1{font-size:1.25rem;font-weight:500;line-height:1.35;margin:0 0 .75rem}",
    "h1 b{display:block;font-size:1.75rem;font-weight:700;line-height:1.2;margin:0 0 .25rem;text-wrap:balance}",
    "h2{font-size:1.125rem;margin:2rem 0 .5rem}",
    "p{margin:.5rem 0}.soft{color:var(--soft)}small{display:block;font-size:.9375rem;color:var(--soft)}",
    ".box{border-radius:.625rem;padding:.75rem 1rem;margin:1rem 0;background:var(--note)}",
    ".warn{background:var(--warn);border-left:.25rem solid var(--edge)}",
    ".error{color:var(--bad);font-weight:600;margin:.25rem 0}",
    "form{margin:1.25rem 0 0}",
    "label,legend{font-weight:600;padding:0}",
    "input[type=password],input[type=text]{display:block;width:100%;min-height:2.75rem;margin:.375rem 0;padding:.5rem .75rem;font:inherit;color:inherit;background:var(--page);border:1px solid var(--soft);border-radius:.5rem}",
    ".code{font:700 1.5rem/1.5 ui-monospace,monospace;letter-spacing:.15em}",
    "input[aria-invalid]{border-color:var(--bad);box-shadow:0 0 0 1px var(--bad)}",
    "section{border-top:1px solid var(--line);margin-top:1.75rem}section h2{margin-top:1.5rem}",
    ".card>pre{padding:1rem;font-size:1.0625rem;font-weight:600}",
    "fieldset{border:0;margin:1.25rem 0;padding:0;min-width:0}",
    ".pick{display:flex;gap:.75rem;align-items:flex-start;padding:.625rem 0;min-height:2.75rem;font-weight:400;border-top:1px solid var(--line);cursor:pointer}",
    "legend+.pick{border:0}.pick b{font-weight:600}.pick input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0 0;accent-color:var(--main)}",
    ".row{display:flex;flex-wrap:wrap;gap:.625rem;margin:1.5rem 0 0}.card>:last-child{margin-bottom:0}form+p{margin-top:1rem}",
    "button,.button{flex:1 1 auto;min-height:2.75rem;padding:.5rem 1.125rem;font:inherit;font-weight:600;color:var(--ink);text-align:center;text-decoration:none;background:transparent;border:1px solid var(--soft);border-radius:.5rem;cursor:pointer}",
    "button:hover,.button:hover{border-color:var(--main);background:var(--note)}",
    "button.main,button.main:hover{flex-basis:100%;color:var(--on);background:var(--main);border-color:var(--main)}button.main:hover{text-decoration:underline}",
    ".inline{flex:0 0 auto;display:inline-block}",
    ":focus-visible{outline:3px solid var(--main);outline-offset:2px}",
    "pre{margin:.5rem 0;padding:.75rem 1rem;overflow-x:auto;white-space:pre-wrap;background:var(--page);border:1px solid var(--line);border-radius:.5rem;font:.875rem/1.5 ui-monospace,monospace;user-select:all}",
    "a{color:var(--main)}",
  ].join("");

/** The element for the head of each page. */
export const style = (): Html => ({ html: `<style>${text()}</style>` });

/** The SHA-256 of the text, for the Content-Security-Policy. A test holds it to be so. */
export const STYLE_DIGEST = "FdTQ5f2pWq/7eqrB4y1fw9Ubt3THYkS1teIO2IZaEZ0=";

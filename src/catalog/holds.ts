/**
 * Finds what JSON can say and Convex cannot hold: `v.any()` and `v.record()` let a client choose the names of members.
 *
 * @see get-convex/convex-backend 94a42c3: crates/convex/sync_types/src/identifier.rs:149 (names), crates/value/src/object.rs and
 * array.rs (sizes)
 */
import { quoted } from "../base/text";

const MAX_MEMBERS = 1024;
const MAX_ITEMS = 8192;

/** Up to 1,024 ASCII characters without control characters, the first one no `$`. Convex writes an int64 as `{"$integer": …}`. */
const NAME = /^(?!\$)[\x20-\x7e]{0,1024}$/;

const NAMES =
  'a name here has at most 1,024 ASCII characters, no control characters, and does not begin with "$"';

const isName = (name: string): boolean => NAME.test(name) && name !== "__proto__";

/**
 * Returns a sentence for each place in the arguments that Convex cannot hold.
 *
 * @param path - of `value` in the arguments.
 */
export const unheld = (value: unknown, path = ""): string[] => {
  if (typeof value !== "object" || value === null) return [];
  const at = (step: string | number) => {
    const shown = quoted(JSON.stringify(step).replace(/^"(.*)"$/, "$1"), 80);
    return path === "" ? shown : `${path}.${shown}`;
  };
  if (Array.isArray(value)) {
    const tooLong = value.length > MAX_ITEMS ? [`${path}: expected at most 8,192 items`] : [];
    return [...tooLong, ...value.flatMap((item, index) => unheld(item, at(index)))];
  }
  const members = Object.entries(value);
  return [
    ...(members.length > MAX_MEMBERS ? [`${path}: expected at most 1,024 members`] : []),
    ...members.flatMap(([name, member]) => [
      ...(isName(name) ? [] : [`${at(name)}: ${NAMES}`]),
      ...unheld(member, at(name)),
    ]),
  ];
};

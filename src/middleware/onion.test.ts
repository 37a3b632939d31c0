/** The combinator under both halves of the gate. */
import { expect, test } from "vitest";
import { onion, type Layer } from "./onion";

const adding =
  (name: string, log: string[]): Layer<string, string> =>
  async (_context, _subject, next) => {
    log.push(`${name} in`);
    const result = await next({ [name]: true });
    log.push(`${name} out`);
    return `${name}(${result})`;
  };

test("layers run outermost first, and each sees what those further out have added", async () => {
  const log: string[] = [];
  const run = onion([adding("a", log), adding("b", log)], async (context: object, subject) =>
    [...Object.keys(context), subject].join(),
  );
  expect(await run({ start: true }, "subject")).toBe("a(b(start,a,b,subject))");
  expect(log).toEqual(["a in", "b in", "b out", "a out"]);
});

test("a layer that answers itself ends it", async () => {
  const log: string[] = [];
  const run = onion([async () => "no", adding("b", log)], async () => "core");
  expect([await run({}, ""), log]).toEqual(["no", []]);
});

test("a second next() is refused: it would run a tool twice", async () => {
  let runs = 0;
  const twice: Layer<string, string> = async (_context, _subject, next) => {
    await next({});
    return next({});
  };
  const run = onion([twice], async () => String(++runs));
  await expect(run({}, "")).rejects.toThrow("twice");
  expect(runs).toBe(1);
});

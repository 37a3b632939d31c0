/** The local server while jobs have much to do: it answers others, and it stops. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFolder, removeFolder, startJson, stopAll } from "../support/processes";
import { listAgainAndAgain, pidIn, startImports, workOf } from "./rush";

let folder: string;

beforeAll(async () => {
  folder = await newFolder();
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

// busy.slow.ts runs the imports to their end.
test("four imports keep nobody waiting for a second, nor the end of the server for two", async () => {
  const server = await startJson(folder, { TOOLGATE_LIMIT_SCALE: "1000000" });
  // The first answer loads the catalog.
  let left = 1;
  await listAgainAndAgain(server, () => left-- > 0);
  const bodies = startImports(server).map(async (response) => (await response).text());
  const imports = Promise.allSettled(bodies);
  const until = performance.now() + 3_000;
  const times = await listAgainAndAgain(
    server,
    () => performance.now() < until,
    workOf(await pidIn(folder)),
  );
  expect(Math.max(...times)).toBeLessThan(1_000);
  const asked = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(2_000);
  // All four were at work until it ended.
  expect((await imports).map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
});

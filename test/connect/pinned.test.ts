/** `npm run pinned` tells a pin that has changed from one that is as it was, and from one that cannot be read. */
import { afterEach, expect, test, vi } from "vitest";
import { comparePinned } from "../../.ci/pinned/compare";
import { PINNED } from "../../src/connect/client/pinned";

afterEach(() => vi.unstubAllGlobals());

const asPinned = (url: string) => {
  const { name, redirectUris } = PINNED.find((pinned) => pinned.url === url)!;
  return { client_id: url, client_name: name, redirect_uris: redirectUris as string[] };
};

const standings = async (answer: (url: string) => Response | Promise<Response>) => {
  vi.stubGlobal(
    "fetch",
    vi.fn(async (url: string) => answer(url)),
  );
  return comparePinned();
};

test("what is published as it is pinned", async () => {
  const all = await standings((url) => Response.json(asPinned(url)));
  expect(all.map(({ standing }) => standing)).toEqual(PINNED.map(() => "same"));
});

test.each([
  ["changed", (url: string) => Response.json({ ...asPinned(url), client_name: "Other" })],
  [
    "changed",
    (url: string) => Response.json({ ...asPinned(url), redirect_uris: ["https://a.example/"] }),
  ],
  ["gone", () => new Response("", { status: 404 })],
  ["gone", () => Response.json({ client_id: "https://a.example/" })],
  ["unreachable", () => new Response("", { status: 403 })],
  ["unreachable", () => Promise.reject(new TypeError("fetch failed"))],
])("%s", async (standing, answer) => {
  expect(new Set((await standings(answer)).map((one) => one.standing))).toEqual(
    new Set([standing]),
  );
});

test("the URI that is pinned beside Claude's document may come into it", async () => {
  const all = await standings((url) => {
    const { added = [] } = PINNED.find((pinned) => pinned.url === url)!;
    const document = asPinned(url);
    return Response.json({ ...document, redirect_uris: [...document.redirect_uris, ...added] });
  });
  expect(all.map(({ standing }) => standing)).toEqual(PINNED.map(() => "same"));
});

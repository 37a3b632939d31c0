/** Which resource a URI names, and what its variables hold. */
import { makeFunctionReference } from "convex/server";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  findResource,
  isTemplate,
  type Resource,
  type Resources,
} from "../../src/registry/resources";

const one = (name: string): Resource => ({
  ...{ name, permission: "x", mimeType: "text/plain", principal: false },
  ref: makeFunctionReference("x:y") as unknown as Resource["ref"],
});

const registry = (...uris: string[]): Resources =>
  Object.fromEntries(uris.map((u) => [u, () => one(u)]));

/** Milliseconds; the best of three, since the machine may be busy with something else. */
const bestOf3 = (work: () => unknown): number =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );

describe("findResource", () => {
  test("any text of some length goes through a variable and comes back", () => {
    const resources = registry("erp://products/{sku}", "erp://{a}/x/{b}.json");
    const fits = (text: string) => text !== "" && encodeURIComponent(text).length <= 256;
    const text = fc
      .oneof(
        fc.string({ maxLength: 40 }),
        fc.string({ unit: "grapheme", maxLength: 20 }),
        fc.string({ unit: "binary", maxLength: 20 }),
        fc.constantFrom("%", "%41", "a/b?c#d", "..", "{sku}", "\n", "\u0000", "$&", "\\", "a.json"),
      )
      .filter(fits);
    fc.assert(
      fc.property(text, text, (first, second) => {
        const [a, b] = [encodeURIComponent(first), encodeURIComponent(second)];
        expect(findResource(resources, `erp://products/${a}`)?.variables).toEqual({ sku: first });
        if (a === "products") return;
        expect(findResource(resources, `erp://${a}/x/${b}.json`)?.variables).toEqual({
          ...{ a: first, b: second },
        });
      }),
      { numRuns: 500 },
    );
  });

  test("a variable of 60 letters fits in any script", () => {
    const sku = "ü".repeat(60);
    const uri = `erp://products/${encodeURIComponent(sku)}`;
    expect(findResource(registry("erp://products/{sku}"), uri)?.variables).toEqual({ sku });
  });

  test("a URI as it stands goes first, then templates in their order", () => {
    const resources = registry("a://{x}", "a://b", "a://{y}");
    expect(findResource(resources, "a://b")?.resource.name).toBe("a://b");
    expect(findResource(resources, "a://c")).toMatchObject({ variables: { x: "c" } });
    expect(findResource(resources, "a://{x}")?.variables).toEqual({ x: "{x}" });
  });

  test.each(["a/b", "a?b", "a#b", ""])("a variable does not hold %j as it stands", (raw) => {
    const resources = registry("erp://products/{sku}");
    expect(findResource(resources, `erp://products/${raw}`)).toBeUndefined();
  });

  test("what a regular expression would read in a template is plain text", () => {
    const literal = "a://(b+c)*[d]^e$.f|g?h\\i/{x}";
    const resources = registry(literal);
    expect(findResource(resources, literal.replace("{x}", "1"))?.variables).toEqual({ x: "1" });
    for (const uri of ["a://bbcd/1", "g", "a://(b+c)*[d]^e$zf|g?h\\i/1"])
      expect(findResource(resources, uri)).toBeUndefined();
  });

  test.each(["toString", "__proto__", "constructor", "", "a://b/"])("%j is none", (uri) => {
    expect(findResource(registry("a://b", "a://b/{x}"), uri)).toBeUndefined();
  });

  test("any text is answered, and soon", () => {
    const templates = ["a://{x}", "a://{x}-{y}-{z}", "a://{a}{b}{c}/{d}.{e}.{f}"];
    const resources = registry(...templates);
    expect(templates.every(isTemplate)).toBe(true);
    const size = 10_240;
    const long = ["a://", "a://-", "%", "a", "-", "a-", "%41", ".", "{", "é"].flatMap((part) => [
      part.repeat(Math.ceil(size / part.length)),
      `a://${part.repeat(Math.ceil(size / part.length))}`,
      `a://${part.repeat(Math.ceil(256 / part.length))}/${part.repeat(size / 4)}`,
    ]);
    for (const uri of long) {
      const apps = registry("erp://products/{sku}", "a://{x}", "a://{x}-{y}");
      expect(bestOf3(() => findResource(apps, uri))).toBeLessThan(10);
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (uri) => {
        findResource(resources, uri);
        findResource(resources, `a://${uri}`);
      }),
      { numRuns: 200 },
    );
  });

  test("nor is a template of three variables slow", () => {
    const uri = `a://${"-".repeat(700)}`;
    expect(bestOf3(() => findResource(registry("a://{x}-{y}-{z}!"), uri))).toBeLessThan(10);
  });
});

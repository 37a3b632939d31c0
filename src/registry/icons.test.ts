import { describe, expect, test } from "vitest";
import { iconFault, iconsFor, isPublicUrl, publicUrlOf, type Icon } from "./icons";

const SITE = "https://a.convex.site";

test.each([
  ["https://a.example/icon.png", true],
  ["/icon.png", true],
  ["/", true],
  ["//evil.example/icon.png", false],
  ["https://", false],
  ["https:///icon.png", false],
  ["https://a.example/an icon.png", false],
  ["http://a.example/icon.png", false],
  ["HTTPS://a.example/icon.png", false],
  ["data:image/png;base64,AA", false],
  ["javascript:alert(1)", false],
  ["icon.png", false],
  [` https://a.example`, false],
  ["", false],
  [`/${"a".repeat(254)}`, true],
  [`/${"a".repeat(255)}`, false],
])("%j: %j", (text, isPublic) => {
  expect(isPublicUrl(text)).toBe(isPublic);
});

test.each([
  ["/icon.png", SITE, `${SITE}/icon.png`],
  ["/icon.png", "http://127.0.0.1:3211", undefined],
  ["/icon.png", undefined, undefined],
  ["https://b.example/icon.png", undefined, "https://b.example/icon.png"],
  ["http://b.example/icon.png", SITE, undefined],
  ["data:image/png;base64,AA", SITE, undefined],
])("clients of %s on %s are told %s", (url, origin, told) => {
  expect(publicUrlOf(url, origin)).toBe(told);
});

describe("icons", () => {
  const own: Icon = { src: "/icon.png", mimeType: "image/png", sizes: ["48x48", "any"] };
  const far: Icon = { src: "https://b.example/icon.png", theme: "dark" };

  test("those without an https URL are left out, and none is no list", () => {
    expect(iconsFor([own, far], SITE)).toEqual([{ ...own, src: `${SITE}/icon.png` }, far]);
    expect(iconsFor([own, far], "http://127.0.0.1:3211")).toEqual([far]);
    expect(iconsFor([own], undefined)).toBeUndefined();
    expect(iconsFor(undefined, SITE)).toBeUndefined();
  });

  test("a wrong one is named", () => {
    expect(iconFault([own, far])).toBeUndefined();
    expect(iconFault([own, { src: "http://b.example" } as never])).toContain("http://b.example");
    expect(iconFault([{ ...own, mimeType: "image/gif" as never }])).toContain("image/gif");
    expect(iconFault([{ ...own, sizes: ["48"] }])).toContain('"48"');
  });
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openState, sealState } from "../asking/requestState";
import { seal, unseal } from "./seal";

const one = { id: "one", secret: "1".repeat(32) };
const two = { id: "two", secret: "2".repeat(32) };
const state = { boundTo: "b", asked: { key: { asked: "digest" } }, answers: {} };

test("a sealed text is opened under any listed pepper, and for its purpose alone", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), async (text, other) => {
      const sealed = await seal([one, two], "purpose", text);
      expect(await unseal([one], "purpose", sealed)).toBe(text);
      expect(await unseal([two, one], "purpose", sealed)).toBe(text);
      expect(await unseal([two], "purpose", sealed)).toBeUndefined();
      expect(await unseal([], "purpose", sealed)).toBeUndefined();
      if (other !== "purpose") expect(await unseal([one], other, sealed)).toBeUndefined();
    }),
  );
});

test("without a pepper nothing is sealed", async () => {
  await expect(seal([], "purpose", "text")).rejects.toThrow("no pepper");
});

test("no text that the server did not issue opens", async () => {
  const sealed = await sealState([one], state);
  expect(await openState([one], sealed)).toMatchObject(state);
  const base64 = fc.string({
    unit: fc.constantFrom("A", "Z", "a", "z", "0", "9", "+", "/", "=", "-", "_", "."),
  });
  const forged = fc.oneof(
    fc.string({ unit: "binary" }),
    base64,
    // A good text with another signature, and a good signature with another text.
    base64.map((mac) => `${sealed.slice(0, sealed.lastIndexOf("."))}.${mac}`),
    base64.map((text) => `${text}${sealed.slice(sealed.lastIndexOf("."))}`),
    fc.tuple(fc.nat(sealed.length), fc.string()).map(([at, put]) => {
      return sealed.slice(0, at) + put + sealed.slice(at);
    }),
    fc.tuple(fc.nat(sealed.length - 1), fc.string({ unit: "binary" })).map(([at, put]) => {
      return sealed.slice(0, at) + put + sealed.slice(at + 1);
    }),
  );
  await fc.assert(
    fc.asyncProperty(forged, async (text) => {
      fc.pre(text !== sealed);
      expect(await openState([one], text)).toBeUndefined();
      expect(await unseal([one], "requestState", text)).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test("every single character of a seal counts", async () => {
  const sealed = await sealState([one], state);
  for (let at = 0; at < sealed.length; at++) {
    const put = sealed.charAt(at) === "A" ? "B" : "A";
    expect(await openState([one], sealed.slice(0, at) + put + sealed.slice(at + 1))).toBe(
      undefined,
    );
    expect(await openState([one], sealed.slice(0, at))).toBe(undefined);
  }
});

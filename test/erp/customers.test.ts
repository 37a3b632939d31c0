import { describe, expect, test } from "vitest";
import { addCustomer, erp, newErp, refusal } from "./setup";

describe("customers", () => {
  test("are created and read back, with nothing of the row's inside", async () => {
    const { acme } = await newErp();
    const created = await acme.mutate(erp.customers.create, {
      name: "  Müller Metallbau ",
      email: "Office@Mueller.example",
      phone: "+49 30 1234",
      city: "Berlin",
      country: "DE",
    });
    expect(created).toEqual({
      id: expect.any(String),
      name: "Müller Metallbau",
      email: "office@mueller.example",
      phone: "+49 30 1234",
      city: "Berlin",
      country: "DE",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(await acme.query(erp.customers.get, { customerId: created.id })).toEqual(created);
  });

  test.each(["\u200b\u2060", "\u3164", "\u202e", "\ufe0f\u{e0041}", "\u2800"])(
    "have names in which there is something to see: not %j",
    async (text) => {
      const { acme } = await newErp();
      const created = acme.mutate(erp.customers.create, { name: text, email: "a@example.com" });
      await expect(created).rejects.toThrow("something to see");
      const { id: customerId } = await addCustomer(acme, "Ada");
      for (const change of [{ name: text }, { city: text }, { phone: text.repeat(3) }])
        await expect(
          acme.mutate(erp.customers.update, { customerId, ...change }),
        ).rejects.toThrow();
    },
  );

  test("share no e-mail address within a tenant, in whatever case", async () => {
    const { acme, globex } = await newErp();
    const ada = await addCustomer(acme, "Ada");
    const bob = await addCustomer(acme, "Bob");
    const again = acme.mutate(erp.customers.create, { name: "X", email: "ADA@example.com" });
    expect((await refusal(again)).code).toBe("email_taken");
    const taking = acme.mutate(erp.customers.update, {
      customerId: bob.id,
      email: "Ada@example.com",
    });
    expect((await refusal(taking)).code).toBe("email_taken");
    // One's own address in another case is not taken, and another tenant has its own customers.
    await acme.mutate(erp.customers.update, { customerId: ada.id, email: "ADA@example.com" });
    await addCustomer(globex, "Ada");
  });

  test("are not created twice by parallel calls", async () => {
    const { acme } = await newErp();
    const calls = await Promise.allSettled(
      Array.from({ length: 20 }, () => addCustomer(acme, "Ada")),
    );
    expect(calls.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("keep what an update leaves out, and are found by what it changed", async () => {
    const { acme } = await newErp();
    const { id: customerId, ...ada } = await addCustomer(acme, "Ada");
    const updated = await acme.mutate(erp.customers.update, {
      customerId,
      name: "Countess",
      city: "London",
    });
    expect(updated).toEqual({ ...ada, id: customerId, name: "Countess", city: "London" });
    const found = async (text: string) =>
      (await acme.query(erp.customers.search, { text })).items.length;
    expect(await found("countess")).toBe(1);
    expect(await found("ada")).toBe(1); // The e-mail address still says so.
    const nothing = acme.mutate(erp.customers.update, { customerId });
    expect((await refusal(nothing)).code).toBe("nothing_to_change");
  });

  test("are found by all words, their beginnings, without accents, and by the whole address", async () => {
    const { acme, globex } = await newErp();
    await acme.mutate(erp.customers.create, {
      name: "Müller Metallbau KG",
      email: "a.m@mueller.example",
    });
    await acme.mutate(erp.customers.create, {
      name: "Hansen Metallbau KG",
      email: "h@hansen.example",
    });
    await globex.mutate(erp.customers.create, { name: "Müller Inc", email: "m@inc.example" });
    const names = async (text?: string) =>
      (await acme.query(erp.customers.search, text === undefined ? {} : { text })).items.map(
        ({ name }) => name,
      );
    expect(await names("muller metall")).toEqual(["Müller Metallbau KG"]);
    expect(await names("MÜLLER")).toEqual(["Müller Metallbau KG"]);
    expect(await names("a.m@mueller.example")).toEqual(["Müller Metallbau KG"]);
    expect(await names("metallbau")).toHaveLength(2);
    expect(await names("muller hansen")).toEqual([]);
    expect(await names("?!")).toEqual([]);
    expect(await names()).toEqual(["Hansen Metallbau KG", "Müller Metallbau KG"]);
  });
});

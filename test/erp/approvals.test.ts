/** What the ERP says must be approved, and what a person reads of it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draft, confirm, erp, newErp, refusal, type Agent, type Backend } from "./setup";

const limit = (t: Backend, approveAboveMinor: number | null) =>
  t.mutation(erp.tenants.setApproval, { slug: "acme", approveAboveMinor });

const confirmed = async (t: Backend, acme: Agent, quantity = 2, unitPriceMinor = 50_000) => {
  const made = await draft(t, "acme", { quantity, unitPriceMinor });
  await confirm(acme, made.order);
  return made;
};

/** `input` is filled in for a tool that asks its user. */
const ofInvoice = (t: Backend, tenant: string, orderId: string) => {
  const principal = { subject: "agent", tenant, role: "admin", keyId: "k1", operation: "op1" };
  const input = { can: [], answers: "{}" };
  return t.query(erp.approvals.invoice, { orderId, principal, input });
};

const payment = (invoiceId: string, amountMinor: number) => ({
  ...{ invoiceId, amountMinor, method: "card", reference: "R-1" },
});

describe("without an amount", () => {
  test("nothing needs approval", async () => {
    const { t, acme } = await newErp();
    const { order, productId } = await confirmed(t, acme);
    expect(await ofInvoice(t, "acme", order.id)).toEqual({ needed: false });
    const invoice = await acme.mutate(erp.invoices.issue, { orderId: order.id });
    const pay = acme.query(erp.approvals.payment, payment(invoice.id, 100_000));
    expect(await pay).toEqual({ needed: false });
    const lost = { productId, quantity: -1, reason: "lost" };
    expect(await acme.query(erp.approvals.writeOff, lost)).toEqual({ needed: false });
  });
});

describe("with an amount", () => {
  test("what is above it needs approval, and not what is equal", async () => {
    const { t, acme } = await newErp();
    const { order } = await confirmed(t, acme);
    const invoice = await acme.mutate(erp.invoices.issue, { orderId: order.id });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        async (approveAboveMinor, amountMinor) => {
          await limit(t, approveAboveMinor);
          const said = await acme.query(erp.approvals.payment, payment(invoice.id, amountMinor));
          expect(said.needed).toBe(amountMinor > approveAboveMinor);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("parts of a payment count together", async () => {
    const { t, acme } = await newErp();
    const { order } = await confirmed(t, acme);
    const invoice = await acme.mutate(erp.invoices.issue, { orderId: order.id });
    await acme.mutate(erp.payments.record, payment(invoice.id, 30_000) as never);
    await limit(t, 50_000);
    const said = (amountMinor: number) =>
      acme.query(erp.approvals.payment, payment(invoice.id, amountMinor));
    expect((await said(20_000)).needed).toBe(false);
    expect(await said(20_001)).toMatchObject({
      needed: true,
      reason: "with what was paid before, it is above the limit of 500.00 EUR",
      summary: { amount: "200.01 EUR" },
    });
  });

  test("a person reads names and amounts", async () => {
    const { t, acme } = await newErp();
    await limit(t, 10_000);
    const { order, productId } = await confirmed(t, acme);
    expect(await ofInvoice(t, "acme", order.id)).toEqual({
      needed: true,
      reason: "it is above the limit of 100.00 EUR",
      summary: {
        title: `Issue the invoice of order ${order.number} to Ada Lovelace`,
        amount: "1000.00 EUR",
        lines: [{ label: expect.stringMatching(/^2 × /), value: "1000.00 EUR" }],
      },
    });
    const invoice = await acme.mutate(erp.invoices.issue, { orderId: order.id });
    const pay = await acme.query(erp.approvals.payment, payment(invoice.id, 10_001));
    expect(pay.summary).toEqual({
      title: "Record a payment of Ada Lovelace on invoice INV-000001",
      amount: "100.01 EUR",
      lines: [
        { label: "Still open before it", value: "1000.00 EUR" },
        { label: "Method", value: "card" },
        { label: "Reference", value: "R-1" },
      ],
    });
    const note = "Found wet";
    const lost = await acme.query(erp.approvals.writeOff, {
      ...{ productId, quantity: -3, reason: "damaged", note },
    });
    expect(lost).toMatchObject({
      needed: true,
      reason: "it writes off stock",
      summary: { title: expect.stringMatching(/^Write off 3 of /), amount: "1500.00 EUR" },
    });
    expect(lost.summary!.lines.at(-1)).toEqual({ label: "Note", value: note });
  });

  test("stock that comes in needs none", async () => {
    const { t, acme } = await newErp();
    await limit(t, 0);
    const { productId } = await confirmed(t, acme);
    const came = { productId, quantity: 3, reason: "received" };
    expect(await acme.query(erp.approvals.writeOff, came)).toEqual({ needed: false });
  });

  test("a long order is shown in part, within what a summary may hold", async () => {
    const { t, acme } = await newErp();
    await limit(t, 0);
    const { customerId, productId } = await confirmed(t, acme);
    const order = await acme.mutate(erp.orders.create, {
      customerId,
      lines: Array.from({ length: 30 }, () => ({ productId, quantity: 1 })),
    });
    const { summary } = await ofInvoice(t, "acme", order.id);
    expect(summary!.lines).toHaveLength(11);
    expect(summary!.lines.at(-1)).toEqual({ label: "And more lines", value: "20" });
    expect(JSON.stringify(summary).length).toBeLessThan(4_096);
  });

  test("names of any length leave room", async () => {
    const { t, acme } = await newErp();
    await limit(t, 0);
    const { customerId, productId } = await confirmed(t, acme);
    await t.run((ctx) => ctx.db.patch("products", productId, { name: "編".repeat(5_000) }));
    const order = await acme.mutate(erp.orders.create, {
      customerId,
      lines: Array.from({ length: 30 }, () => ({ productId, quantity: 1 })),
    });
    const { summary } = await ofInvoice(t, "acme", order.id);
    expect(new TextEncoder().encode(JSON.stringify(summary)).length).toBeLessThan(4_096);
  });

  test("another tenant's rows are not found", async () => {
    const { t, acme, globex } = await newErp();
    await limit(t, 0);
    const { order, productId } = await confirmed(t, acme);
    const invoice = await acme.mutate(erp.invoices.issue, { orderId: order.id });
    const move = { productId, quantity: -1, reason: "lost" };
    for (const call of [
      ofInvoice(t, "globex", order.id),
      globex.query(erp.approvals.payment, payment(invoice.id, 1)),
      globex.query(erp.approvals.writeOff, move),
    ])
      expect((await refusal(call)).code).toBe("not_found");
  });
});

describe("the amount of a tenant", () => {
  test("is set with it or later, and taken away by null", async () => {
    const { t } = await newErp();
    const tenant = { slug: "initech", name: "Initech", currency: "JPY", approveAboveMinor: 500 };
    expect(await t.mutation(erp.tenants.create, tenant)).toEqual(tenant);
    const { approveAboveMinor: _, ...without } = tenant;
    const slug = "initech";
    const none = await t.mutation(erp.tenants.setApproval, { slug, approveAboveMinor: null });
    expect(none).toEqual(without);
    expect((await t.query(erp.tenants.list, {})).find((one) => one.slug === slug)).toEqual(without);
  });

  test.each([-1, 0.5, Number.NaN, 1e300])("%d is none", async (approveAboveMinor) => {
    const { t } = await newErp();
    expect((await refusal(limit(t, approveAboveMinor))).message).toMatch(/^approveAboveMinor: /);
    const tenant = { slug: "initech", name: "Initech", currency: "JPY", approveAboveMinor };
    expect((await refusal(t.mutation(erp.tenants.create, tenant))).code).toBe("invalid_arguments");
  });

  test("is of a tenant that exists", async () => {
    const { t } = await newErp();
    const gone = t.mutation(erp.tenants.setApproval, { slug: "gone", approveAboveMinor: 1 });
    expect((await refusal(gone)).code).toBe("not_found");
  });
});

/**
 * Finds the one customer that a person means. Several may have one name; no two share an e-mail address. So a name of several is refused,
 * with what tells them apart.
 */
import { inQuotes, onOneLine } from "../../src/entry/functions";
import type { Doc } from "../_generated/dataModel";
import { findByEmail } from "./customerRows";
import { fail } from "./fail";
import type { TenantQueryCtx } from "./functions";
import { findRows } from "./search";
import { searchable } from "./textSearch";

type Customer = Doc<"customers">;

/** A customer as one value: the name, with the address that tells it from others of that name. */
export const labelOf = ({ name, email }: Pick<Customer, "name" | "email">): string =>
  `${name} <${email}>`;

const LABEL = /^(.+?)\s*<([^<>]+)>$/su;

/** The most customers that are counted, of one name and of words; and how many of them a refusal tells. */
const MOST = { named: 1000, found: 100, told: 3 };

/** The longest name or city that a refusal quotes. */
const LONGEST = 80;

/** Others wrote these texts, so they must not speak for the ERP. */
const told = ({ name, email, city }: Customer): string =>
  `${inQuotes(name, LONGEST)}, ${onOneLine(email, 254)}${city === undefined ? "" : ` in ${inQuotes(city, LONGEST)}`}`;

const refuseAmbiguous = (all: readonly Customer[], isCut: boolean): never => {
  const least = isCut ? "at least " : "";
  const more = all.length - MOST.told;
  const rest = more > 0 ? `; and ${least}${String(more)} more` : "";
  return fail(
    "ambiguous",
    `customer: ${least}${String(all.length)} customers fit. Give the e-mail address of the one that is meant: ` +
      `${all.slice(0, MOST.told).map(told).join("; ")}${rest}.`,
  );
};

/** Customers with the whole name, but for accents, case and punctuation. */
const ofName = (ctx: TenantQueryCtx, name: string): Promise<Customer[]> =>
  ctx.db
    .query("customers")
    .withIndex("by_tenant_searchName", (q) =>
      q.eq("tenantId", ctx.tenant._id).eq("searchName", searchable(name)),
    )
    .take(MOST.named + 1);

const plain = (text: string): string => text.normalize("NFC").toLowerCase();

/** The customer of a text as `labelOf` writes it. */
const ofLabel = async (ctx: TenantQueryCtx, text: string): Promise<Customer[]> => {
  const [, name = "", email = ""] = LABEL.exec(text) ?? [];
  const found = email === "" ? null : await findByEmail(ctx, email.toLowerCase());
  return found !== null && plain(found.name) === plain(name) ? [found] : [];
};

/**
 * The customer with this e-mail address; or with this name, or this name and address; or the only one whose name or address has these
 * words. A name counts as it is written first, then without its accents and punctuation.
 *
 * @throws ConvexError `not_found`, `ambiguous`
 */
export const requireCustomer = async (ctx: TenantQueryCtx, text: string): Promise<Customer> => {
  const byEmail = await findByEmail(ctx, text.toLowerCase());
  if (byEmail !== null) return byEmail;
  const named = await ofName(ctx, text);
  const exact = named.filter(({ name }) => plain(name) === plain(text));
  const labelled = await ofLabel(ctx, text);
  const whole = [...(exact.length > 0 ? exact : named), ...labelled];
  const { rows: all, next } =
    whole.length > 0
      ? { rows: whole, next: named.length > MOST.named ? {} : undefined }
      : await findRows(ctx, "customers", text, { limit: MOST.found });
  const [only, ...others] = all;
  if (only === undefined) return fail("not_found", "customer: no customer has that name.");
  if (others.length > 0) return refuseAmbiguous(all, next !== undefined);
  return only;
};

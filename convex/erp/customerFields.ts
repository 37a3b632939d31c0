/** The fields of a customer, for the tools that add or change one. */
import { v, type Infer } from "convex/values";
import { field, isEmail } from "../../src/entry/functions";
import { written } from "./fields";

export const name = written("Name of the company or person.", 120);

/** The check is not in the schema that clients see: Gemini refuses the format, and OpenAI the pattern, which looks ahead. */
export const email = field(v.string(), {
  maxLength: 254,
  check: [isEmail, "expected an e-mail address"],
  description: "E-mail address. No two customers share one. It is kept in lower case.",
});

const country = field(v.string(), { pattern: "^[A-Z]{2}$" });

export const contact = {
  phone: v.optional(written("Phone number, best with country code: +49 30 123456.", 32, 3)),
  city: v.optional(written("City.", 80)),
  country: field(v.optional(country), {
    description: "Country as two capital letters (ISO 3166-1 alpha-2): DE, FR, US.",
  }),
};

/** A new customer. Any other member is refused. */
export const newCustomer = v.object({ name, email, ...contact });

export type NewCustomer = Infer<typeof newCustomer>;

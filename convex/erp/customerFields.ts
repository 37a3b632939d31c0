/** The fields of a customer, for the tools that add or change one. */
import * as z from "zod";
import { written } from "./fields";

export const name = written("Name of the company or person.", 120);
export const email = z
  .email()
  .max(254)
  .describe("E-mail address. No two customers share one. It is kept in lower case.");
export const contact = {
  phone: written("Phone number, best with country code: +49 30 123456.", 32, 3).optional(),
  city: written("City.", 80).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe("Country as two capital letters (ISO 3166-1 alpha-2): DE, FR, US."),
};

/** A new customer. Any other member is refused. */
export const newCustomer = z.strictObject({ name, email, ...contact });

export type NewCustomer = z.infer<typeof newCustomer>;

/** The fields of a customer, for the tools that add or change one. */
import * as z from "zod";
import { written } from "./fields";

export const name = written(120).describe("Name of the company or person.");
export const email = z
  .email()
  .max(254)
  .describe("E-mail address. No two customers share one; upper and lower case count as the same.");
export const contact = {
  phone: written(32, 3).optional().describe("Phone number, best with country code: +49 30 123456."),
  city: written(80).optional().describe("City."),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe("Country as two capital letters (ISO 3166-1 alpha-2): DE, FR, US."),
};

/** A new customer. Any other member is refused. */
export const newCustomer = z.strictObject({ name, email, ...contact });

export type NewCustomer = z.infer<typeof newCustomer>;

/** The fields of a customer, for the tools that add or change one. */
import * as z from "zod";
import { written } from "./fields";

export const name = written("Name of the company or person.", 120);

/** The check is not in the schema that clients see: Gemini refuses the format, and OpenAI the pattern, which looks ahead. */
const isEmail = (text: string): boolean => z.email().safeParse(text).success;

export const email = z
  .string()
  .max(254)
  .refine(isEmail, "expected an e-mail address")
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

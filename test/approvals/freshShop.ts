/** A new shop for each test. */
import { beforeEach } from "vitest";
import { newShop, type Shop } from "./setup";

export let shop: Shop;

beforeEach(async () => {
  shop = await newShop();
});

/** Keeps what was read while the tab is open, and in no storage. */
import { QueryClient } from "@tanstack/react-query";
import { failureOf } from "./failure";

/** A function that refuses does so again; silence may be short. */
const isWorthAnother = (failures: number, error: unknown): boolean =>
  failures < 2 && failureOf(error).code === "offline";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthAnother, networkMode: "always", staleTime: 1_000 },
    mutations: { networkMode: "always" },
  },
});

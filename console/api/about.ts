/** What this console is about: the deployment behind it. */
import { useQuery } from "@tanstack/react-query";
import { send } from "./send";

export interface About {
  /** Its name or address, as a person knows it. */
  readonly deployment: string;
  readonly kind: "local" | "dev" | "production";
  readonly mcpUrl: string;
}

const readAbout = async (): Promise<About> =>
  (await send("/console/about")).json() as Promise<About>;

/** Asked once: it does not change while the server runs. */
export const useAbout = (): About | undefined =>
  useQuery({ queryKey: ["about"], queryFn: readAbout, staleTime: Infinity }).data;

/** Compares the documents of clients that are pinned in the code with those that their vendors publish. */
import { fetchDocument } from "../../src/connect/client/fetchDocument";
import type { ClientDocument } from "../../src/grants/documents";
import { PINNED } from "../../src/connect/client/pinned";

/** How a pin stands. `unreachable` says nothing of it: some vendors refuse programs. */
export type Standing = "same" | "changed" | "gone" | "unreachable";

export interface Compared {
  readonly url: string;
  readonly standing: Standing;
  /** The members that differ, as `name: pinned -> published`. */
  readonly differences: readonly string[];
}

const sorted = (uris: readonly string[]): string => [...uris].sort().join(" ");

type Pinned = (typeof PINNED)[number];

const differencesOf = (
  { name, redirectUris, added = [] }: Pinned,
  published: ClientDocument,
): string[] => {
  const uris = published.redirectUris.filter((uri) => !added.includes(uri));
  const [ours, theirs] = [sorted(redirectUris), sorted(uris)];
  return [
    ...(name === published.name ? [] : [`name: ${name} -> ${published.name}`]),
    ...(ours === theirs ? [] : [`redirect_uris: ${ours} -> ${theirs}`]),
  ];
};

const compareOne = async (pinned: Pinned): Promise<Compared> => {
  const { url } = pinned;
  const { document, gone } = await fetchDocument(new URL(url));
  if (document === undefined)
    return { url, standing: gone ? "gone" : "unreachable", differences: [] };
  const differences = differencesOf(pinned, document);
  return { url, standing: differences.length === 0 ? "same" : "changed", differences };
};

/** Fetches every pinned document and compares it. It does not reject. */
export const comparePinned = (): Promise<readonly Compared[]> =>
  Promise.all(PINNED.map(compareOne));

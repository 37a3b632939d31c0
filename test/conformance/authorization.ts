/** Runs the suite's scenarios for authorization servers, with somebody who plays the person. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Fixture } from "./fixture";
import { allow, linkIn } from "./person";
import { readResults, runCommand, type Scenario } from "./suite";

/** The port on which the suite waits for the code. On loopback the port of a redirect is free. */
const PORT = 3917;

const register = async ({ url }: Fixture): Promise<string> => {
  const response = await fetch(`${url}/oauth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ redirect_uris: [`http://127.0.0.1:${String(PORT)}/callback`] }),
  });
  const { client_id: id } = (await response.json()) as { client_id: string };
  return id;
};

/** Plays the person once the suite has printed its link. */
const person = (key: string): { hears: (text: string) => void; done: () => Promise<void> } => {
  let heard = "";
  let allowed: Promise<void> | undefined;
  return {
    hears: (text) => {
      heard += text;
      const link = heard.includes("Waiting up to") ? linkIn(heard) : undefined;
      if (link !== undefined) allowed ??= allow(link, key);
    },
    done: async () => allowed,
  };
};

/** @param revision - whose scenarios run; undefined for those of the suite's own default. */
export const runAuthorization = async (
  fixture: Fixture,
  revision: string | undefined,
): Promise<Scenario[]> => {
  const folder = await mkdtemp(path.join(tmpdir(), "toolgate-authorization-"));
  try {
    const version = revision === undefined ? [] : ["--spec-version", revision];
    const { hears, done } = person(fixture.key);
    const output = await runCommand(
      [
        ...["authorization", "--url", fixture.url, "--client-id", await register(fixture)],
        ...["--resource", `${fixture.url}/mcp`, "-p", String(PORT), "-o", folder, ...version],
      ],
      hears,
    );
    await done();
    const results = await readResults(folder, "authorization-server");
    if (results.size === 0) throw new Error(`The suite did not run:\n${output}`);
    return [...results].map(([name, checks]) => ({ name, isScored: false, checks }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

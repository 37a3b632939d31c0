/** `toolgate keys revoke`: ends one key, or all that a person's agents may do. */
import { Command, Option } from "commander";
import type { EndedAccess } from "../../src/operate/endAccess";
import type { Revoked } from "../../src/operate/revokeKey";
import { keyDetails } from "./keyText";
import { given } from "./options";
import { note, show } from "./print";
import { UsageError, type Run } from "./run";
import { targetOf, type TargetOptions } from "./target";

const revokedDetails = ({ alsoRevoked, connectionsEnded, stillWorking, ...key }: Revoked): string =>
  [
    keyDetails(key),
    `Connections ended: ${String(connectionsEnded)}`,
    ...alsoRevoked.map((keyId) => `Revoked too: ${keyId}`),
    ...stillWorking.map(({ keyId, until }) => `Still works: ${keyId}, until ${until}`),
  ].join("\n");

interface Revoking {
  readonly subject?: string;
  readonly tenant?: string;
  readonly reason?: string;
  readonly chain?: boolean;
}

/** Ends all that a person's agents may do, part by part. */
const endAccess = async (run: Run, args: object): Promise<EndedAccess> => {
  const keys: string[] = [];
  let connections = 0;
  let part: EndedAccess;
  do {
    part = await run<EndedAccess>("admin:endAccess", args);
    keys.push(...part.keys);
    connections += part.connections;
  } while (part.hasMore);
  return { keys, connections, hasMore: false };
};

const endedDetails = ({ keys, connections }: EndedAccess): string =>
  keys.length === 0
    ? "No key of this subject works."
    : [
        ...keys.map((keyId) => `Revoked: ${keyId}`),
        `Connections ended: ${String(connections)}`,
      ].join("\n");

/** The verb `keys revoke`. */
export const revoke = new Command("revoke")
  .description("End a key for good, from the next call on; or all keys of a person.")
  .argument("[keyId]")
  .addOption(new Option("--subject <text>", "all keys of this person, and all under them"))
  .addOption(new Option("--tenant <slug>", "with --subject: in this tenant only"))
  .option("--reason <text>")
  .addOption(
    new Option("--chain", "end the keys that it replaced and that replaced it, too").conflicts(
      "subject",
    ),
  )
  .action(async (keyId: string | undefined, options: TargetOptions & Revoking) => {
    const { reason, chain, subject, tenant } = options;
    if ((keyId === undefined) === (subject === undefined))
      throw new UsageError("Give either a keyId or --subject.");
    if (tenant !== undefined && subject === undefined)
      throw new UsageError("--tenant goes with --subject.");
    const run = await targetOf(options);
    if (subject !== undefined) {
      const ended = await endAccess(run, given({ subject, tenant, reason }));
      show(ended, options.json, endedDetails);
      return;
    }
    const revoked = await run<Revoked>("admin:revokeKey", given({ keyId, reason, chain }));
    show(revoked, options.json, revokedDetails);
    if (revoked.stillWorking.length > 0)
      note("Another key of its chain of rotations still works: --chain revokes it too.");
  });

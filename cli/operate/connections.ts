/** `toolgate connections`: shows and ends the connections of agents that came in by OAuth. */
import { Command, Option } from "commander";
import type { ConnectionInfo } from "../../src/operate/connections";
import { count, DEFAULT_LIMIT, given, readAll } from "./options";
import { note, show, tenantTable } from "./print";
import { Failure, type Run } from "./run";
import { targetOf, withTarget, type TargetOptions } from "./target";

const day = (iso: string): string => iso.slice(0, 10);

const allowed = ({ access, tools }: ConnectionInfo): string =>
  (access === "read" ? "read only" : "all") + (tools ? `, ${String(tools.length)} tools` : "");

const connectionTable = (connections: readonly ConnectionInfo[]): string =>
  tenantTable(
    ["grantId", "key", "tenant", "subject", "status", "expires", "last used", "may", "client"],
    connections.map((one) => [
      ...[one.grantId, one.keyId, one.tenant, one.subject, one.status, day(one.expiresAt)],
      ...[one.lastUsedAt === undefined ? "" : day(one.lastUsedAt), allowed(one)],
      ...[one.verified ? one.client : `${one.client}, not verified`],
    ]),
  );

interface Filter {
  readonly tenant?: string;
  readonly key?: string;
  readonly limit: number;
}

const listConnections = new Command("list")
  .description("Connections, newest first.")
  .option("--tenant <slug>")
  .addOption(new Option("--key <keyId>").conflicts("tenant"))
  .option("--limit <count>", "how many at most", count, DEFAULT_LIMIT)
  .action(async ({ tenant, key, limit, ...options }: Filter & TargetOptions) => {
    const run = await targetOf(options);
    const args = given({ tenant, keyId: key });
    const call = { name: "admin:listConnections", rows: "connections", args } as const;
    const page = await readAll<ConnectionInfo, "connections">(run, call, limit);
    show(page, options.json, ({ connections }) => connectionTable(connections));
    if (page.nextCursor !== null) note("There are more: raise --limit.");
  });

interface Part {
  readonly revoked: readonly ConnectionInfo[];
  readonly nextCursor: string | null;
}

const revokeAllOf = async (run: Run, client: string): Promise<ConnectionInfo[]> => {
  const revoked: ConnectionInfo[] = [];
  let cursor: string | null = null;
  do {
    const args = given({ client, cursor: cursor ?? undefined });
    const part: Part = await run<Part>("admin:revokeConnections", args);
    revoked.push(...part.revoked);
    cursor = part.nextCursor;
  } while (cursor !== null);
  return revoked;
};

const revoke = new Command("revoke")
  .description("End one connection, or all of a client, from the next call on.")
  .argument("[grantId]")
  .option("--client <name>", "the host of a client, such as claude.ai, or its name")
  .option("--reason <text>", "for one connection")
  .action(
    async (
      grantId: string | undefined,
      { client, reason, ...options }: TargetOptions & { client?: string; reason?: string },
    ) => {
      if ((grantId === undefined) === (client === undefined))
        throw new Failure("Give either a grantId or --client.");
      const run = await targetOf(options);
      const args = given({ grantId, reason });
      const revoked =
        client === undefined
          ? [await run<ConnectionInfo>("admin:revokeConnection", args)]
          : await revokeAllOf(run, client);
      show({ revoked }, options.json, () =>
        revoked.length === 0 ? "No live connection of this client." : connectionTable(revoked),
      );
    },
  );

const EXAMPLES = `
Examples:
  npx toolgate connections list --tenant acme --local
  npx toolgate connections list --key <keyId> --json
  npx toolgate connections revoke <grantId> --reason "laptop stolen"
  npx toolgate connections revoke --client claude.ai --prod`;

/** Adds `connections` and its verbs. */
export const addConnections = (program: Command): void => {
  const connections = program
    .command("connections")
    .description("Connections of agents")
    .addHelpText("after", EXAMPLES);
  for (const verb of [listConnections, revoke]) {
    connections.addCommand(withTarget(verb.copyInheritedSettings(connections)));
  }
};

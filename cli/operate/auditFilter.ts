/** The options that choose rows of the audit log. */
import { Option, type Command } from "commander";
import { auditOutcomeValidator } from "../../src/data/values";
import { given } from "./options";
import type { TargetOptions } from "./target";

const outcomes = auditOutcomeValidator().members.map(({ value }) => value);

/** As commander gives them. */
export interface Filter extends TargetOptions {
  readonly tenant?: string;
  readonly key?: string;
  readonly tool?: string;
  readonly outcome?: string;
  readonly operation?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Adds them. Any can be joined. */
export const withFilter = (command: Command): Command =>
  command
    .option("--tenant <slug>")
    .option("--key <keyId>")
    .option("--tool <name>")
    .addOption(new Option("--outcome <outcome>").choices(outcomes))
    .option("--operation <id>", "the rows of one call: its own, and that of its job's end")
    .option("--since <time>", "such as 2026-11-29T14:00:00Z")
    .option("--until <time>", "only rows before it");

/** The arguments of `admin:listAudit`. */
export const filterArgs = ({ tenant, key, tool, outcome, operation, since, until }: Filter) =>
  given({ tenant, keyId: key, tool, outcome, operation, since, until });

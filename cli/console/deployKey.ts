/** The key and the URL by which the console reaches a deployment. The key stays in this process: no page and no other process gets it. */
import { existsSync } from "node:fs";
import path from "node:path";
import { loadEnvFile } from "node:process";
import { text } from "node:stream/consumers";
import { isObject } from "../../src/wire/jsonrpc";
import { parseStrictJson } from "../../src/wire/strictJson";
import { isLoopbackHeader } from "../loopback";
import { convex } from "../operate/convex";
import { Failure, UsageError } from "../operate/run";

export interface Access {
  readonly url: string;
  readonly key: string;
}

export interface AccessOptions {
  readonly prod?: true;
  readonly url?: string;
  readonly adminKeyStdin?: true;
}

const NO_KEY = `The console needs a deploy key: a login by \`npx convex\` gives it none.
Make one in the dashboard, on the page of the deployment under Settings > Deploy Keys, and set CONVEX_DEPLOY_KEY for this command or in .env.local.
For a deployment of your own, set CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY. Or give the key with --admin-key-stdin, and --url.`;

const NO_URL =
  "`npx convex function-spec` did not say the URL of the deployment: give it as --url.";

/** An empty variable counts as unset. */
const variable = (name: string): string | undefined => {
  const value = (process.env[name] ?? "").trim();
  return value === "" ? undefined : value;
};

/** Whether a key is of a production deployment. Old keys name no type, and were for production only. */
export const isProduction = (key: string): boolean => !/^(?:dev|preview):/.test(key);

/** Asks Convex's own program, which knows from the key or from `--prod` which deployment is meant. */
const askForUrl = async (): Promise<string> => {
  const { ok, stdout, stderr } = await convex(["function-spec"]);
  if (!ok) throw new Failure(`${stderr.trimEnd()}\n${NO_URL}`);
  const parsed = parseStrictJson(stdout);
  const url = "value" in parsed && isObject(parsed.value) ? parsed.value.url : undefined;
  if (typeof url === "string") return url;
  throw new Failure(NO_URL);
};

const checked = (url: string): string => {
  const { protocol, host, origin } = URL.canParse(url) ? new URL(url) : new URL("none:");
  // The key goes with each call, so it goes in clear text only within this machine.
  if (protocol === "https:" || (protocol === "http:" && isLoopbackHeader(host))) return origin;
  throw new UsageError("Give --url as https://<deployment>.convex.cloud; http only on loopback");
};

/**
 * Finds the key: on standard input, or in the environment, or in `.env.local` of this folder, as Convex's own program does.
 *
 * @throws UsageError without a key, and for a key of development with --prod. Failure if the URL is not given and cannot be found.
 */
export const findAccess = async (options: AccessOptions): Promise<Access> => {
  // What the environment says already counts more.
  const file = path.join(process.cwd(), ".env.local");
  if (existsSync(file)) loadEnvFile(file);
  const ownUrl = variable("CONVEX_SELF_HOSTED_URL");
  const ownKey = ownUrl === undefined ? undefined : variable("CONVEX_SELF_HOSTED_ADMIN_KEY");
  const given = options.adminKeyStdin ? (await text(process.stdin)).trim() : undefined;
  const key = given ?? ownKey ?? variable("CONVEX_DEPLOY_KEY");
  if (key === undefined || key === "") throw new UsageError(NO_KEY);
  if (options.prod === true && !isProduction(key))
    throw new UsageError("The key is of a development deployment: leave --prod out.");
  // Each key goes to the deployment that it came with, and to no other that happens to be set beside it.
  if (given !== undefined && options.url === undefined)
    throw new UsageError(
      "Give --url with --admin-key-stdin: the key does not say where it belongs.",
    );
  const url = options.url ?? (key === ownKey ? ownUrl : undefined) ?? (await askForUrl());
  return { key, url: checked(url) };
};

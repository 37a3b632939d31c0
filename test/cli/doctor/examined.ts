/** A local server for the tests of a file, which `toolgate doctor` examines through a proxy that has a fault. */
import { afterAll, beforeAll, vi } from "vitest";
import { examine, type Examined } from "../../../cli/doctor/examine";
import type { Status } from "../../../cli/doctor/finding";
import { LIMITS, type Limits, type Target } from "../../../cli/doctor/target";
import { newFolder, removeFolder, startJson, stopAll } from "../../support/processes";
import { startFaultProxy, type Fault } from "../faultProxy";

// Two such files may run beside each other, and a busy machine answers late.
vi.setConfig({ maxConcurrency: 3 });

let folder: string;
export let server: Awaited<ReturnType<typeof startJson>>;
export let key: string;
export let salesKey: string;

beforeAll(async () => {
  folder = await newFolder();
  // Each run takes some requests of the same key.
  server = await startJson(folder, { TOOLGATE_LIMIT_SCALE: "100" });
  key = server.keyOf("accounting");
  salesKey = server.keyOf("sales");
});

afterAll(async () => {
  await stopAll();
  await removeFolder(folder);
});

/** Long enough for a busy machine, and short where something has to run out. */
export const limits: Limits = {
  ...LIMITS,
  requestMs: 3_000,
  listenMs: 4_000,
  silenceMs: 800,
  briefMs: 200,
};

/** Examines the server through a proxy that has a fault. */
export const through = async (
  fault: Fault,
  target: Partial<Target> = { key },
  changed: Partial<Limits> = {},
): Promise<readonly Examined[]> => {
  const proxy = await startFaultProxy(new URL(server.url), fault);
  try {
    return await examine({ url: proxy.url, ...target }, { ...limits, ...changed });
  } finally {
    await proxy.close();
  }
};

/** Every check by its name, with what it came to. */
export const statuses = (all: readonly Examined[]): Record<string, Status> =>
  Object.fromEntries(all.map(({ name, status }) => [name, status]));

export const seenBy = (all: readonly Examined[], name: string): string =>
  all.find((examined) => examined.name === name)!.seen;

export const sound: Record<string, Status> = {
  ...{ reach: "ok", clock: "ok", challenge: "ok", "foreign-origin": "ok", preflight: "ok" },
  ...{ "oauth-resource": "ok", "oauth-server": "ok", "oauth-openid": "ok" },
  ...{ "oauth-register": "ok", "oauth-authorize": "ok", "oauth-token": "ok" },
  ...{
    "well-known": "ok",
    pepper: "ok",
    stop: "ok",
    "unknown-key": "ok",
    key: "ok",
    initialize: "ok",
  },
  ...{ "server/discover": "ok", version: "ok", "tools/list": "ok", "tools/call": "ok" },
  ...{
    "event-stream": "ok",
    "long-stream": "skip",
    streams: "skip",
    GET: "ok",
    ...{ "list-p50": "ok", "read-p50": "ok", "write-p50": "skip" },
    "rate-limit": "ok",
  },
};

/** A read is timed only if it could be called. */
export const soundBut = (more: Record<string, Status>): Record<string, Status> => {
  const all = { ...sound, ...more };
  return all["tools/call"] === "ok" ? all : { ...all, "read-p50": "skip" };
};

export const skipped = (...names: string[]): Record<string, Status> =>
  Object.fromEntries(names.map((name) => [name, "skip"]));

/** What asks more than the two eras' first requests. */
export const inside = skipped(
  ...["version", "tools/list", "tools/call", "event-stream", "list-p50", "read-p50"],
);

/** What is left without a key. */
export const keyless = {
  ...sound,
  ...skipped("key", "initialize", "server/discover", ...Object.keys(inside), "rate-limit"),
};

const [first, ...others] = Object.keys(sound);
export const unreached = { [first!]: "fail", ...skipped(...others) } as const;

/** What is seen of a page where there should be none. */
export const html = "HTTP 200, text/html";
